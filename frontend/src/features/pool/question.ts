import type { Customer } from "@/api/types";

/** What is asked before a customer is moved or kept. */
export type PoolQuestion = "release" | "allot" | "lock";

/** A question that is open, about the customer as it was when it was asked. */
export interface PoolAsked {
  question: PoolQuestion;
  customer: Customer;
}
