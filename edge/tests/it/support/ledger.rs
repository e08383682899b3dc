//! What must hold of the parties in Redis at every moment, whatever happens.

use super::Truth;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Reads all keys that begin with ARGV[1] at one moment, as a flat list of name and content.
const SNAPSHOT: &str = r"
local found = {}
for _, key in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do
  local kind = redis.call('TYPE', key)['ok']
  local content
  if kind == 'hash' then content = redis.call('HGETALL', key)
  elseif kind == 'set' then content = redis.call('SMEMBERS', key)
  elseif kind == 'stream' then content = {}
  else content = redis.call('ZRANGE', key, 0, -1) end
  found[#found + 1] = string.sub(key, #ARGV[1] + 1)
  found[#found + 1] = content
end
return found";

/// The content of a party: who is in, by id; the leader; fields.
type Hash = BTreeMap<String, String>;

/// Remembers every participant there ever was, and checks what Redis holds.
#[derive(Default)]
pub struct Ledger {
    /// Who had which id: by code, the party's creation and the id.
    seen: HashMap<(String, String, u32), String>,
}

impl Ledger {
    /// Checks what Redis holds now.
    pub async fn check(&mut self, truth: &mut Truth) {
        let keys = snapshot(truth).await;
        let hash = |name: &str| pairs(keys.get(name));
        let persons = hash("parties:persons");
        let parties: BTreeMap<&str, Hash> = keys
            .keys()
            .filter_map(|key| Some((key.strip_prefix("parties:party:")?, hash(key))))
            .collect();
        let mut seated = Hash::new();
        for (code, party) in &parties {
            for (id, person) in self.check_party(code, party) {
                let twice = seated.insert(person, format!("{code} {id}"));
                assert_eq!(twice, None, "a person in two parties");
            }
        }
        assert_eq!(seated, persons, "persons know where they are");
        let chats = keys
            .keys()
            .filter_map(|key| key.strip_prefix("parties:chat:"));
        let of_none: Vec<_> = chats.filter(|code| !parties.contains_key(code)).collect();
        assert!(of_none.is_empty(), "chats of no party: {of_none:?}");
        check_index(&keys, &parties);
        check_online(&keys, &hash("online"));
    }

    /// Checks a party; who is in it, by id.
    fn check_party(&mut self, code: &str, party: &Hash) -> BTreeMap<u32, String> {
        let number = |field: &str| party[field].parse::<u32>().unwrap();
        let mut members = BTreeMap::new();
        for (field, value) in party {
            let Some(id) = field.strip_prefix("p:") else {
                continue;
            };
            let id: u32 = id.parse().unwrap();
            let at = (code.to_owned(), party["created"].clone(), id);
            let first = self.seen.entry(at).or_insert_with(|| value.clone());
            assert_eq!(first, value, "the id {id} was another's in {code}");
            members.insert(id, value.split_once(' ').unwrap().0.to_owned());
        }
        assert!(members.contains_key(&number("leader")), "{code}: {party:?}");
        assert_eq!(members.len() as u32, number("count"), "{code}: {party:?}");
        assert!(members.keys().all(|id| *id < number("next")), "{party:?}");
        for name in party.keys().filter_map(|field| field.strip_prefix("n:")) {
            let id: u32 = name.parse().unwrap();
            assert!(members.contains_key(&id), "a name of nobody: {party:?}");
        }
        members
    }
}

/// What is listed, touched, and nowhere else.
fn check_index(keys: &BTreeMap<String, Vec<String>>, parties: &BTreeMap<&str, Hash>) {
    let members = |name: &str| keys.get(name).cloned().unwrap_or_default();
    let touched: BTreeSet<_> = members("parties:touched").into_iter().collect();
    let codes: BTreeSet<_> = parties.keys().map(|code| (*code).to_owned()).collect();
    assert_eq!(touched, codes, "touched");
    let listed: BTreeSet<_> = parties
        .iter()
        .filter(|(_, party)| party["listed"] == "1")
        .map(|(code, _)| (*code).to_owned())
        .collect();
    let found: BTreeSet<_> = members("parties:listed").into_iter().collect();
    assert_eq!(found, listed, "listed");
}

/// Who is online is held by so many instances.
fn check_online(keys: &BTreeMap<String, Vec<String>>, online: &Hash) {
    let mut held = BTreeMap::<_, u32>::new();
    for (_, persons) in keys.iter().filter(|(key, _)| key.starts_with("held:")) {
        for person in persons {
            *held.entry(person.clone()).or_default() += 1;
        }
    }
    let held: Hash = held
        .into_iter()
        .map(|(person, count)| (person, count.to_string()))
        .collect();
    assert_eq!(&held, online, "online");
}

async fn snapshot(truth: &mut Truth) -> BTreeMap<String, Vec<String>> {
    let begin = Truth::key("");
    let found: Vec<(String, Vec<String>)> = truth.run(&["EVAL", SNAPSHOT, "0", &begin]).await;
    found.into_iter().collect()
}

fn pairs(flat: Option<&Vec<String>>) -> Hash {
    let flat = flat.map(Vec::as_slice).unwrap_or_default();
    let pair = |pair: &[String]| (pair[0].clone(), pair[1].clone());
    flat.chunks_exact(2).map(pair).collect()
}
