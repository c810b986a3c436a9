// The scratch pad: its button beside the box of the timeline, and the pad itself.
export { PadButton } from "./PadButton";
