//! What is asked: the hot requests, with values that the data has.

use anyhow::{Context as _, bail};
use rapport_domain::kind::RecordKind;
use serde_json::Value;
use uuid::Uuid;

use crate::http::{Caller, Client, ask};

/// Rows on a page.
pub const PAGE: i64 = 50;

/// One kind of request.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What it is called in the tables.
    pub name: &'static str,
    /// Below `/api/v1`; taken in turn.
    pub paths: Vec<String>,
    /// What it means for the store.
    pub meaning: Meaning,
}

/// A place in a list: the customer before it, and the cursor that leads there.
pub type Place = (Uuid, String);

/// What a request means for the store.
#[derive(Clone, Debug)]
pub enum Meaning {
    /// One customer by id.
    Record(Vec<Uuid>),
    /// A page of an owner's customers by name.
    Page {
        /// Whose.
        owner: Uuid,
        /// Where the page begins.
        after: Option<Place>,
    },
    /// A page of the customers that words find.
    Found(String),
    /// Records of all kinds that words find.
    Everything(String),
    /// Counts and sums by one field.
    Groups {
        /// Of what.
        kind: RecordKind,
        /// The field to group by.
        by: &'static str,
        /// The field to add up.
        sum: Option<&'static str>,
    },
    /// The columns of the default pipeline.
    Board,
    /// Several statements that are not taken apart here: there is no floor (b).
    Whole,
}

/// The requests for a database.
///
/// # Errors
/// When the program does not answer, or the data lacks what is looked for.
pub fn asked(caller: &Caller) -> anyhow::Result<Vec<Asked>> {
    let mut way = Way { caller, client: Client::connect(caller.address)? };
    let owner = way.busiest_owner()?;
    let (ids, last) = way.walk(owner)?;
    let name = way.text(&format!("/customers?limit=1&owner_id={owner}&q={}&fields=name", encoded("有限")), "name")?;
    let rare = way.rarest(&pairs(&name))?;
    let initials = way.rarest(&["shmd", "hzys", "bjht", "szxc", "gzrf", "njzx", "sh"].map(str::to_owned))?;
    let phone = way.text("/customers?limit=1&sort=number&fields=phone", "phone")?;
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.get(digits.len().saturating_sub(4)..).unwrap_or_default().to_owned();
    let timelines = ids.iter().copied().map(timeline).collect();
    let mut all = vec![record(ids), page(owner, None)];
    all.extend(last.map(|last| page(owner, Some(last))));
    all.extend([
        everything("search 有限 (common)", "有限"),
        everything("search two characters (rare)", &rare),
        everything("search pinyin initials", &initials),
        everything("search part of a phone", &digits),
        everything("search three digits", digits.get(..3).unwrap_or(&digits)),
        found("list of 有限 (common)", "有限"),
        found("list of two characters (rare)", &rare),
        Asked { name: "board", paths: vec!["/opportunities/board".to_owned()], meaning: Meaning::Board },
        groups("sums by stage", RecordKind::Opportunity, "stage_id", Some("amount")),
        groups("counts by lifecycle", RecordKind::Customer, "lifecycle", None),
        groups("counts by owner", RecordKind::Customer, "owner_id", None),
        whole("my day", vec![my_day(owner)]),
        whole("timeline", timelines),
        whole("timeline, the longest", vec![timeline(way.busiest_customer()?)]),
        whole("unread notifications", vec!["/me/notifications?unread=true".to_owned()]),
    ]);
    Ok(all)
}

fn record(ids: Vec<Uuid>) -> Asked {
    let paths = ids.iter().map(|id| format!("/customers/{id}")).collect();
    Asked { name: "get a record", paths, meaning: Meaning::Record(ids) }
}

/// The list of an owner, by name.
fn list_of(owner: Uuid) -> String {
    format!("/customers?owner_id={owner}&sort=name")
}

fn page(owner: Uuid, after: Option<Place>) -> Asked {
    let cursor = after.as_ref().map(|(_, cursor)| format!("&cursor={cursor}")).unwrap_or_default();
    let name = if after.is_some() { "list 50, an owner's by name, deepest" } else { "list 50, an owner's by name" };
    let paths = vec![format!("{}&limit={PAGE}{cursor}", list_of(owner))];
    Asked { name, paths, meaning: Meaning::Page { owner, after } }
}

fn everything(name: &'static str, words: &str) -> Asked {
    let paths = vec![format!("/search?q={}", encoded(words))];
    Asked { name, paths, meaning: Meaning::Everything(words.to_owned()) }
}

fn found(name: &'static str, words: &str) -> Asked {
    let paths = vec![format!("/customers?q={}&limit={PAGE}", encoded(words))];
    Asked { name, paths, meaning: Meaning::Found(words.to_owned()) }
}

fn groups(name: &'static str, kind: RecordKind, by: &'static str, sum: Option<&'static str>) -> Asked {
    let added = sum.map(|field| format!("&sum={field}")).unwrap_or_default();
    let paths = vec![format!("/{}/summary?group_by={by}{added}", kind.plural())];
    Asked { name, paths, meaning: Meaning::Groups { kind, by, sum } }
}

fn whole(name: &'static str, paths: Vec<String>) -> Asked {
    Asked { name, paths, meaning: Meaning::Whole }
}

/// What an owner has to do, the most urgent first.
fn my_day(owner: Uuid) -> String {
    let filter = encoded(&format!("owner_id = \"{owner}\" AND status = \"open\""));
    format!("/activities?filter={filter}&sort=due_at&limit={PAGE}")
}

fn timeline(customer: Uuid) -> String {
    format!("/customers/{customer}/timeline")
}

/// Text as it stands in an address.
#[must_use]
pub fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// Each two neighbouring characters that are not Latin.
fn pairs(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    letters
        .windows(2)
        .filter(|pair| pair.iter().all(|letter| !letter.is_ascii()))
        .map(|pair| pair.iter().collect())
        .collect()
}

/// A connection to ask over.
struct Way<'a> {
    caller: &'a Caller,
    client: Client,
}

impl Way<'_> {
    fn get(&mut self, path: &str) -> anyhow::Result<Value> {
        ask(&mut self.client, &self.caller.get(path))
    }

    /// A field of the first row that has it.
    fn text(&mut self, path: &str, field: &str) -> anyhow::Result<String> {
        let page = self.get(path)?;
        let value = page.pointer(&format!("/data/0/{field}")).and_then(Value::as_str);
        value.map(str::to_owned).with_context(|| format!("{path} has no {field}"))
    }

    /// Whoever owns the most customers.
    fn busiest_owner(&mut self) -> anyhow::Result<Uuid> {
        let groups = self.get("/customers/summary?group_by=owner_id")?;
        let owner = groups.pointer("/data/0/key/owner_id").and_then(Value::as_str);
        Ok(Uuid::try_parse(owner.context("nobody owns a customer")?)?)
    }

    /// A customer with as long a story as the data has: `rapport seed` makes them at these numbers.
    fn busiest_customer(&mut self) -> anyhow::Result<Uuid> {
        let filter = encoded("number IN (99999, 1999, 1049)");
        let id = self.text(&format!("/customers?filter={filter}&sort=-number&limit=1&fields=id"), "id")?;
        Ok(Uuid::try_parse(&id)?)
    }

    /// Goes through the whole list of an owner: ids from everywhere in it, and the way to its last page, if it has several.
    fn walk(&mut self, owner: Uuid) -> anyhow::Result<(Vec<Uuid>, Option<Place>)> {
        let (mut ids, mut cursor, mut last) = (Vec::new(), None::<String>, None);
        loop {
            let from = cursor.as_ref().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            let page = self.get(&format!("{}&limit=200&fields=id{from}", list_of(owner)))?;
            let rows = page.get("data").and_then(Value::as_array).context("no rows")?;
            let of = |row: &Value| row.get("id").and_then(Value::as_str).and_then(|id| Uuid::try_parse(id).ok());
            ids.extend(rows.iter().filter_map(of));
            let Some(next) = page.pointer("/page/next_cursor").and_then(Value::as_str) else { break };
            // The last page is short; the one before it is full.
            last = cursor.take().zip(last_but(&ids, rows.len())).map(|(cursor, id)| (id, cursor)).or(last);
            cursor = Some(next.to_owned());
        }
        if ids.is_empty() {
            bail!("the owner owns nothing");
        }
        let each = (ids.len() / 1000).max(1);
        Ok((ids.into_iter().step_by(each).collect(), last))
    }

    /// The words that find the fewest customers, but some.
    fn rarest(&mut self, words: &[String]) -> anyhow::Result<String> {
        let mut best = None;
        for word in words {
            let page = self.get(&format!("/customers?q={}&count=capped&limit=1&fields=id", encoded(word)))?;
            let total = page.pointer("/meta/total").and_then(Value::as_i64).unwrap_or(0);
            if total > 0 && best.as_ref().is_none_or(|(least, _)| total < *least) {
                best = Some((total, word.clone()));
            }
        }
        best.map(|(_, word)| word).context("none of the words finds anything")
    }
}

/// The last id before the newest `count` ones.
fn last_but(ids: &[Uuid], count: usize) -> Option<Uuid> {
    ids.get(ids.len().checked_sub(count + 1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_of_chinese_characters() {
        assert_eq!(pairs("上海A明德"), ["上海", "明德"]);
        assert!(pairs("Acme").is_empty());
    }

    #[test]
    fn words_are_encoded_byte_by_byte() {
        assert_eq!(encoded("a 有"), "a%20%E6%9C%89");
    }

    #[test]
    fn the_row_before_a_page_is_known() {
        let ids: Vec<Uuid> = (1..=5).map(Uuid::from_u128).collect();
        assert_eq!(last_but(&ids, 2), Some(Uuid::from_u128(3)));
        assert_eq!(last_but(&ids, 5), None);
    }
}
