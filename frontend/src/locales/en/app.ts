import activities from "./activities.json";
import records from "./records.json";
import shell from "./shell.json";

export default { activities, records, shell };
