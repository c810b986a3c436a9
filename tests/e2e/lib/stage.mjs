import { after, before } from "node:test";
import { startBrowser } from "./browser.mjs";
import { startServer } from "./server.mjs";

/** A server and a browser for the tests of one file: started before the first, gone after the last. */
export function stage(options) {
  const here = {};
  before(async () => {
    here.server = await startServer(options);
    here.browser = await startBrowser();
  });
  after(async () => {
    await here.browser?.close();
    await here.server?.stop();
  });
  return here;
}
