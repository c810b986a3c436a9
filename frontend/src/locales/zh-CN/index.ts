import board from "./board.json";
import common from "./common.json";

export default { board, common };
