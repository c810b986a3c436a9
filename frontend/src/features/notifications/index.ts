// The bell of the frame; what it opens is loaded when it is opened.
export { Arrivals } from "./Arrivals";
export { Bell } from "./Bell";
