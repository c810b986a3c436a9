//! Plays a sequence on a server and in the model, and compares what both say.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::agree::{Agreed, look, same, same_record, whole};
use super::rules::{Act, Granted, Part, Refusal};
use super::steps::{Raw, Step};
use super::world::{Fields, Flaw, Person, TEAMS, Who, World};
use crate::harness::{Answer, TestApp};

/// A request.
#[derive(Clone, Debug, PartialEq)]
struct Call {
    method: Method,
    path: String,
    body: Option<Value>,
    version: Option<i64>,
}

/// A granted request under a key.
struct Kept {
    call: Call,
    status: u16,
    text: String,
}

/// A sequence under way.
struct Play<'a> {
    app: &'a TestApp,
    world: World,
    roles: BTreeMap<String, Value>,
    keys: BTreeMap<(Who, u8), Kept>,
    last: Option<(Who, u8, Call)>,
    number: u64,
}

/// What happens, for the reader of a failure.
pub(super) type Story = Vec<String>;

/// Plays the steps; the first disagreement ends it.
pub(super) async fn play(app: &TestApp, steps: &[Step], flaw: Option<Flaw>, story: &mut Story) -> Agreed {
    let mut play = Play::begin(app, flaw).await;
    for step in steps {
        play.step(step, story).await?;
    }
    for who in Who::ALL {
        whole(app, &play.world, who).await?;
    }
    Ok(())
}

fn by_name(list: &Value, name: &str) -> BTreeMap<String, Value> {
    list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row[name].as_str().unwrap().to_owned(), row["id"].clone()))
        .collect()
}

fn uuid(value: &Value) -> Uuid {
    value.as_str().unwrap().parse().unwrap()
}

impl<'a> Play<'a> {
    async fn begin(app: &'a TestApp, flaw: Option<Flaw>) -> Self {
        let teams = by_name(&app.get("admin", "/teams").await.expect(200), "name");
        let roles = by_name(&app.get("admin", "/roles").await.expect(200), "key");
        let mut people = BTreeMap::new();
        for (who, team, role) in [
            (Who::Admin, None, "admin"),
            (Who::Manager, Some(0), "manager"),
            (Who::Sales, Some(1), "sales"),
            (Who::Sales2, Some(2), "sales"),
            (Who::Viewer, None, "viewer"),
        ] {
            people.insert(who, Person { id: app.id(who.word()).await, team, roles: vec![role] });
        }
        let world = World {
            people,
            teams: TEAMS.iter().map(|name| uuid(&teams[*name])).collect(),
            stages: app.stages().await.iter().map(|stage| stage.parse().unwrap()).collect(),
            rows: Vec::new(),
            conversions: Vec::new(),
            flaw,
        };
        Self { app, world, roles, keys: BTreeMap::new(), last: None, number: 0 }
    }

    async fn step(&mut self, step: &Step, story: &mut Story) -> Agreed {
        self.number += 1;
        if let Raw::Repeat = step.raw {
            let Some((who, key, call)) = self.last.clone() else { return Ok(()) };
            story.push(format!("{who:?} repeats {} {} with key {key}", call.method, call.path));
            let answer = self.send(who, &call, Some(key)).await;
            story.push(format!("    {}", answer.status));
            let known = self.replayed(who, key, &call, &answer)?;
            same("a repeated request was known", &known, &true)?;
            return look(self.app, &self.world, &[], self.number).await;
        }
        let Some(act) = step.raw.act(&self.world, self.number * 16) else { return Ok(()) };
        let who = match (&act, &step.raw) {
            (Act::Team { .. } | Act::Roles { .. }, _) => Who::Admin,
            // What others change stops an undo in any case: here it is whoever converted.
            (_, Raw::Drift { of, .. }) => self.world.converter(*of).unwrap_or(step.who),
            _ => step.who,
        };
        let call = self.call(&act);
        let key = step.key.filter(|_| call.method == Method::POST);
        story.push(format!("{who:?} {act:?} key {key:?}"));
        let answer = self.send(who, &call, key).await;
        story.push(format!("    {} {}", answer.status, answer.body["code"].as_str().unwrap_or_default()));
        if let Some(key) = key
            && self.replayed(who, key, &call, &answer)?
        {
            return look(self.app, &self.world, &[], self.number).await;
        }
        let expected = self.world.apply(who, &act, &answer.body);
        compare(&answer, &expected)?;
        if let Some(key) = key.filter(|_| expected.is_ok()) {
            self.keys.insert((who, key), Kept { call: call.clone(), status: answer.status, text: answer.text.clone() });
            self.last = Some((who, key, call));
        }
        self.check_answer(&act, &answer, &expected)?;
        look(self.app, &self.world, &concerned(&act), self.number).await
    }

    /// Whether the key was used before: then the answer must be the first one again, or a refusal of another request.
    fn replayed(&self, who: Who, key: u8, call: &Call, answer: &Answer) -> Result<bool, String> {
        let Some(kept) = self.keys.get(&(who, key)).filter(|_| self.world.flaw != Some(Flaw::KeysAreForgotten)) else {
            return Ok(false);
        };
        // The version that was expected is no part of what a key stands for.
        if (&kept.call.path, &kept.call.body) == (&call.path, &call.body) {
            same("the status of a repeated request", &answer.status, &kept.status)?;
            same("the answer to a repeated request", &answer.text, &kept.text)?;
            same("the mark of a repeated request", &answer.header("idempotent-replayed"), &"true")?;
        } else {
            let told = (answer.status, answer.body["code"].as_str().unwrap_or_default());
            same("another request under a known key", &told, &(422, "idempotency_key_reused"))?;
        }
        Ok(true)
    }

    /// A granted request is answered with the record as it is now.
    fn check_answer(&self, act: &Act, answer: &Answer, expected: &Result<Granted, Refusal>) -> Agreed {
        let is_record = matches!(
            act,
            Act::Create { .. }
                | Act::Patch { .. }
                | Act::Restore { .. }
                | Act::Transfer { .. }
                | Act::Upsert { .. }
                | Act::Move { .. }
                | Act::Undo { .. }
        );
        if expected.is_err() || !is_record {
            return Ok(());
        }
        let row = self.world.row(uuid(&answer.body["id"])).ok_or("an answer about an unknown record")?;
        same("the ETag", &answer.header("etag"), &format!("\"{}\"", row.version).as_str())?;
        same_record(&self.world, row, &answer.body)
    }

    async fn send(&self, who: Who, call: &Call, key: Option<u8>) -> Answer {
        let (version, key) =
            (call.version.map(|version| format!("\"{version}\"")), key.map(|key| format!("key-{key}")));
        let mut headers = Vec::new();
        headers.extend(version.as_deref().map(|version| ("if-match", version)));
        headers.extend(key.as_deref().map(|key| ("idempotency-key", key)));
        self.app.send_with(who.word(), call.method.clone(), &call.path, &headers, call.body.clone()).await
    }

    /// The request that asks for an act.
    fn call(&self, act: &Act) -> Call {
        let of = |method, path: String, body, version| Call { method, path, body, version };
        let post = |path: String, body: Value, version| of(Method::POST, path, Some(body), version);
        match act {
            Act::Create { kind, .. } => post(format!("/{}", kind.plural()), operation(act)["data"].clone(), None),
            Act::Patch { kind, id, version, data } => {
                of(Method::PATCH, format!("/{}/{id}", kind.plural()), Some(object(data)), *version)
            }
            Act::Delete { kind, id, version } => of(Method::DELETE, format!("/{}/{id}", kind.plural()), None, *version),
            Act::Restore { kind, id } => post(format!("/{}/{id}/restore", kind.plural()), json!({}), None),
            Act::Transfer { kind, id, version, to } => {
                post(format!("/{}/{id}/transfer", kind.plural()), json!({"owner_id": to}), *version)
            }
            Act::Upsert { kind, key, data } => {
                of(Method::PUT, format!("/{}/by/erp/{key}", kind.plural()), Some(object(data)), None)
            }
            Act::Batch { kind, is_atomic, acts } => {
                let operations: Vec<Value> = acts.iter().map(operation).collect();
                post(format!("/{}/batch", kind.plural()), json!({"atomic": is_atomic, "operations": operations}), None)
            }
            Act::Move { id, version, stage, below, data, lost, reason } => {
                let stage = self.world.stages[*stage];
                let body = json!({"stage_id": stage, "after_id": below, "fields": data, "lost_reason": lost, "reason": reason});
                post(format!("/opportunities/{id}/move"), body, *version)
            }
            Act::Convert { id, version, parts, lead_wins, is_forced } => {
                let mut body = json!({"fill": if *lead_wins { "lead_wins" } else { "blank_only" }});
                for (word, part) in ["customer", "contact", "opportunity"].iter().zip(parts) {
                    body[word] = match part {
                        Part::None => json!({"mode": "none"}),
                        Part::Create => json!({"mode": "create"}),
                        Part::Link(id) => json!({"mode": "link", "id": id}),
                    };
                }
                if *is_forced {
                    body["on_duplicate"] = json!("force");
                    body["duplicate_reason"] = json!("another branch");
                }
                post(format!("/leads/{id}/conversion"), body, *version)
            }
            Act::Undo { id } => post(format!("/leads/{id}/conversion/undo"), json!({}), None),
            Act::Team { user, team } => {
                let body = json!({"team_id": team.map(|team| self.world.teams[team])});
                of(Method::PATCH, self.user(*user), Some(body), None)
            }
            Act::Roles { user, roles } => {
                let ids: Vec<&Value> = roles.iter().map(|role| &self.roles[*role]).collect();
                of(Method::PATCH, self.user(*user), Some(json!({"role_ids": ids})), None)
            }
        }
    }

    fn user(&self, user: Who) -> String {
        format!("/users/{}", self.world.person(user).id)
    }
}

fn object(data: &Fields) -> Value {
    Value::Object(data.clone().into_iter().collect::<Map<_, _>>())
}

/// An act as one operation of a batch.
fn operation(act: &Act) -> Value {
    match act {
        Act::Create { id, data, .. } => {
            let mut data = object(data);
            data["id"] = json!(id);
            json!({"action": "create", "data": data})
        }
        Act::Patch { id, version, data, .. } => {
            json!({"action": "update", "id": id, "version": version, "data": object(data)})
        }
        Act::Delete { id, version, .. } => json!({"action": "delete", "id": id, "version": version}),
        Act::Restore { id, .. } => json!({"action": "restore", "id": id}),
        Act::Upsert { key, data, .. } => {
            json!({"action": "upsert", "external_id": {"system": "erp", "external_id": key}, "data": object(data)})
        }
        other => panic!("{other:?} is no operation of a batch"),
    }
}

/// The status and code, and those of the operations of a batch, are what the model says.
fn compare(answer: &Answer, expected: &Result<Granted, Refusal>) -> Agreed {
    match expected {
        Err((status, code)) => {
            same("the refusal", &(answer.status, answer.body["code"].as_str().unwrap_or_default()), &(*status, *code))
        }
        Ok(granted) => {
            same(&format!("the status ({})", answer.text), &answer.status, &granted.status)?;
            let results = answer.body["results"].as_array().cloned().unwrap_or_default();
            let results: Vec<u16> =
                results.iter().filter_map(|result| result["status"].as_u64()?.try_into().ok()).collect();
            same("the results of the batch", &results, &granted.results)
        }
    }
}

/// The records an act is about.
fn concerned(act: &Act) -> Vec<Uuid> {
    match act {
        Act::Create { id, .. }
        | Act::Patch { id, .. }
        | Act::Delete { id, .. }
        | Act::Restore { id, .. }
        | Act::Transfer { id, .. }
        | Act::Move { id, .. }
        | Act::Undo { id } => vec![*id],
        Act::Convert { id, parts, .. } => {
            let linked = parts.iter().filter_map(|part| if let Part::Link(id) = part { Some(*id) } else { None });
            linked.chain([*id]).collect()
        }
        Act::Batch { acts, .. } => acts.iter().flat_map(concerned).collect(),
        Act::Upsert { .. } | Act::Team { .. } | Act::Roles { .. } => Vec::new(),
    }
}
