// Favourites where records are met: the star beside a name and the list in the rail; one chunk, loaded after the first paint.
export { FavouriteButton } from "./FavouriteButton";
export { FavouriteRail } from "./FavouriteRail";
