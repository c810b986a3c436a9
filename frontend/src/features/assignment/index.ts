// What the rules have to do with one lead; one chunk, loaded with the first lead that is looked at.
export { assignLead } from "./assign";
export { WhyOwner } from "./WhyOwner";
