//! A straightforward reader of reports on top of `serde_json`, to compare with.

use std::fmt;

use pathlight_mapping::ProbeId;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

const OWN: [&str; 5] = ["schema", "build", "session", "seq", "counts"];

type Hits = (Vec<(ProbeId, u64)>, u64);

/// A report's hits, and the number of its names that are no ids; `None` if it is bad.
pub(crate) fn reference(text: &[u8]) -> Option<Hits> {
    let Any::Object(members) = serde_json::from_slice(text).ok()? else { return None };
    let is_own = |name: &str| OWN.contains(&name);
    let all = |wanted: &'static str| members.iter().filter(move |(name, _)| name == wanted);
    let find = |name: &'static str| all(name).next().map(|(_, value)| value);
    if OWN.iter().any(|name| all(name).count() > 1) {
        return None;
    }
    if ["build", "session"].iter().any(|name| !matches!(find(name), None | Some(Any::Null | Any::String(_)))) {
        return None;
    }
    let schema = find("schema").map_or(Some(None), number)?;
    find("seq").map_or(Some(None), number)?;
    // Ids before `counts` are looked at before it is known that they are none.
    let before = members.iter().take_while(|(name, _)| name != "counts").filter(|(name, _)| !is_own(name));
    let (hits, strange) = hits_of(before)?;
    match find("counts") {
        None if find("schema").is_some() => None,
        None => Some((hits, strange + members.iter().filter(|(name, _)| is_own(name)).count() as u64)),
        Some(Any::Object(counts)) if schema.is_none_or(|schema| schema == 1) => hits_of(counts.iter()),
        Some(_) => None,
    }
}

fn hits_of<'a>(members: impl Iterator<Item = &'a (String, Any)>) -> Option<Hits> {
    let (mut hits, mut strange) = (Vec::new(), 0);
    for (name, value) in members {
        let Some(id) = ProbeId::from_spelling(name.as_bytes()) else {
            strange += 1;
            continue;
        };
        let count = match value {
            Any::Object(members) => {
                let mut found = members.iter().filter(|(name, _)| name == "frequency");
                let count = found.next().map_or(Some(None), |(_, value)| number(value))?;
                found.next().is_none().then_some(Some(count.unwrap_or(0)))?
            }
            other => number(other)?,
        };
        hits.extend(count.map(|count| (id, count)));
    }
    Some((hits, strange))
}

/// A whole number from 0, as itself or in a string; `Some(None)` for `null`.
fn number(value: &Any) -> Option<Option<u64>> {
    let of = |number: &Number| {
        let float = number.as_f64().filter(|float| float.fract() == 0.0 && (0.0..=2f64.powi(53)).contains(float));
        number.as_u64().or(float.map(|float| float as u64))
    };
    match value {
        Any::Null => Some(None),
        Any::Number(number) => of(number).map(Some),
        Any::String(text) if !text.contains(char::is_whitespace) => {
            of(&serde_json::from_str::<Number>(text).ok()?).map(Some)
        }
        _ => None,
    }
}

/// JSON with every member of every object, in order, doubles included.
enum Any {
    Null,
    Bool,
    Number(Number),
    String(String),
    Array,
    Object(Vec<(String, Any)>),
}

impl<'de> Deserialize<'de> for Any {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyVisitor)
    }
}

struct AnyVisitor;

impl<'de> Visitor<'de> for AnyVisitor {
    type Value = Any;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Any, E> {
        Ok(Any::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Any, E> {
        Ok(Any::Bool)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Any, E> {
        Ok(Any::Number(number.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Any, E> {
        Ok(Any::Number(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Any, E> {
        Number::from_f64(number).map(Any::Number).ok_or(E::custom("no number"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Any, E> {
        Ok(Any::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Any, A::Error> {
        while items.next_element::<Any>()?.is_some() {}
        Ok(Any::Array)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Any, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Any::Object(members))
    }
}
