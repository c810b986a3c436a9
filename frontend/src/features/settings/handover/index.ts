// Handing over what somebody has; one chunk, loaded when it is asked for.

export { DeactivateDialog } from "./DeactivateDialog";
export { HandoverDialog } from "./HandoverDialog";
export { HandoversDialog } from "./HandoversDialog";
