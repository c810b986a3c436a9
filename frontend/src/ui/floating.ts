// What opens beside its trigger; one chunk, loaded right after the first paint.
export { Menu } from "@base-ui/react/menu";
export { Popover } from "@base-ui/react/popover";
export { Tooltip } from "@base-ui/react/tooltip";
