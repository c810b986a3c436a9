// What a customer has to do with its pool; one chunk, loaded with the first customer that is looked at.

export { ClaimLimits } from "./ClaimLimits";
export { claimCustomer } from "./claim";
export { PoolBadge } from "./PoolBadge";
export { PoolBanner } from "./PoolBanner";
