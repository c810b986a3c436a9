import { QueryClient } from "@tanstack/react-query";
import { Problem } from "@/api/problem";

const RETRIES = 2;

function shouldRetry(failures: number, error: unknown): boolean {
  if (failures >= RETRIES) return false;
  return !(error instanceof Problem) || error.status === 0 || error.status >= 502;
}

/** The cache of everything read from the server. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 15_000, gcTime: 10 * 60_000, retry: shouldRetry },
      mutations: { retry: false },
    },
  });
}
