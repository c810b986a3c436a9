import assert from "node:assert/strict";
import { DEMO_PASSWORD } from "./server.mjs";

/** Calls the API as one of the sample users, to arrange what a test starts from and to see what it has left. */
export async function apiAs(server, email, password = DEMO_PASSWORD) {
  const base = `${server.url}/api/v1`;
  async function send(method, path, body, headers = {}) {
    const answer = await fetch(base + path, {
      method,
      headers: { "content-type": "application/json", ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : null };
  }
  const grant = { grant_type: "password", email, password };
  const signedIn = await send("POST", "/auth/token", grant);
  assert.equal(signedIn.status, 200, JSON.stringify(signedIn.body));
  const authorization = `Bearer ${signedIn.body.access_token}`;

  async function call(method, path, body, headers = {}) {
    const answer = await send(method, path, body, { authorization, ...headers });
    assert.ok(answer.status < 300, `${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
  return {
    send: (method, path, body, headers = {}) => send(method, path, body, { authorization, ...headers }),
    get: (path) => call("GET", path),
    post: (path, body) => call("POST", path, body),
    patch: (path, body, headers) => call("PATCH", path, body, headers),
  };
}

/** What the form of a website does: it knows a key and nothing of owners. Answers with what sends a lead. */
export async function formOf(admin) {
  const { key } = await admin.post("/api-keys", { name: "网站表单", scopes: ["leads:read", "leads:write"] });
  const authorization = `Bearer ${key}`;
  return async (lead) => {
    const sent = await admin.send("POST", "/leads", lead, { authorization });
    assert.equal(sent.status, 201, JSON.stringify(sent.body));
    return sent.body;
  };
}
