// What the home page shows of favourites and notes; one chunk, loaded after the figures of the day.
export { Favourites } from "./Favourites";
export { Notes } from "./Notes";
