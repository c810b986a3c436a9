import { z } from "zod/mini";

// The content security policy forbids compiling code at run time; without this zod would try.
z.config({ jitless: true });

export { z };
