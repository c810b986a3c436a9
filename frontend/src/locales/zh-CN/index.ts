import activities from "./activities.json";
import auth from "./auth.json";
import board from "./board.json";
import common from "./common.json";
import conversion from "./conversion.json";
import home from "./home.json";
import records from "./records.json";
import shell from "./shell.json";

export default { activities, auth, board, common, conversion, home, records, shell };
