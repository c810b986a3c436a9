import { vi } from "vitest";

type Act = (message: { data: string; lastEventId: string }) => void;

/** Stands in for the browser's connection: what the server sends is said by the test. */
export class FakeEventSource {
  static opened: FakeEventSource[] = [];
  static readonly CLOSED = 2;
  readyState = 1;
  private readonly acts: [string, Act][] = [];

  constructor(readonly url: string) {
    FakeEventSource.opened.push(this);
  }

  /** The connection that was opened last. */
  static get last(): FakeEventSource {
    const last = FakeEventSource.opened.at(-1);
    if (!last) throw new Error("nothing was opened");
    return last;
  }

  addEventListener(name: string, act: Act) {
    this.acts.push([name, act]);
  }

  close() {
    this.readyState = FakeEventSource.CLOSED;
  }

  /** A message of the server. */
  send(name: string, data: unknown = {}, id = "1") {
    const message = { data: JSON.stringify(data), lastEventId: id };
    for (const [wanted, act] of this.acts) if (wanted === name) act(message);
  }

  /** A change of a record. */
  change(type: string, record_id: string, version: number, id = "1") {
    const [record_type = ""] = type.split(".");
    this.send("message", { id, type, record_type, record_id, version }, id);
  }

  /** The server refuses, and the browser gives up. */
  refuse() {
    this.close();
    this.send("error");
  }
}

/** Puts the stand-in in the place of the real one, with nothing opened. */
export function playEventSource() {
  FakeEventSource.opened = [];
  vi.stubGlobal("EventSource", FakeEventSource);
}
