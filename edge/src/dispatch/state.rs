//! The live instances.

use protocol::RegionCode;
use rand::seq::IndexedRandom;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A live instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Instance {
    /// Its name, new at each start.
    pub(crate) id: String,
    /// Its URL for visitors.
    pub(crate) url: String,
    /// Its open sessions, as last reported.
    pub(crate) connections: u32,
}

/// An instance as scripts report it; only the id if it is gone.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct InstanceNews {
    pub(crate) id: String,
    pub(crate) region: Option<RegionCode>,
    #[serde(default)]
    pub(crate) url: String,
    #[serde(default)]
    pub(crate) connections: u32,
}

/// The live instances of every region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Instances(BTreeMap<RegionCode, Vec<Instance>>);

impl Instances {
    /// Applies a report about one instance.
    pub(crate) fn put(&mut self, news: InstanceNews) {
        let InstanceNews {
            id,
            region,
            url,
            connections,
        } = news;
        let Some(region) = region else {
            self.take(|known| known == id);
            return;
        };
        let known = self.0.entry(region).or_default();
        let instance = Instance {
            id,
            url,
            connections,
        };
        match known.iter_mut().find(|known| known.id == instance.id) {
            Some(known) => *known = instance,
            None => known.push(instance),
        }
    }

    /// The live instances of that region.
    pub(crate) fn of(&self, region: &RegionCode) -> &[Instance] {
        self.0.get(region).map_or(&[], Vec::as_slice)
    }

    /// Each live instance's URL for visitors, by region.
    pub(crate) fn addresses(&self) -> Vec<(RegionCode, String)> {
        let of = |(region, instances): (&RegionCode, &Vec<Instance>)| -> Vec<_> {
            let instances = instances.iter();
            instances
                .map(|instance| (region.clone(), instance.url.clone()))
                .collect()
        };
        self.0.iter().flat_map(of).collect()
    }

    /// One of that region's instances: of two random ones the one with fewer sessions.
    pub(crate) fn pick(&self, region: &RegionCode) -> Option<&Instance> {
        // Just one if there is only one.
        let two = self.of(region).sample(&mut rand::rng(), 2);
        two.min_by_key(|instance| instance.connections)
    }

    /// Removes the instances that are as asked, and returns them.
    pub(crate) fn take(&mut self, is_meant: impl Fn(&str) -> bool) -> Vec<(RegionCode, Instance)> {
        let mut taken = Vec::new();
        self.0.retain(|region, instances| {
            let meant = instances.extract_if(.., |instance| is_meant(&instance.id));
            taken.extend(meant.map(|instance| (region.clone(), instance)));
            !instances.is_empty()
        });
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> RegionCode {
        RegionCode::parse(text).unwrap()
    }

    fn news(region: &str, id: &str, connections: u32) -> InstanceNews {
        InstanceNews {
            id: id.into(),
            region: Some(code(region)),
            url: format!("https://{id}.example"),
            connections,
        }
    }

    fn gone(id: &str) -> InstanceNews {
        serde_json::from_str(&format!(r#"{{"id":"{id}"}}"#)).unwrap()
    }

    #[test]
    fn the_newest_word_of_an_instance_counts() {
        let mut instances = Instances::default();
        instances.put(news("ord", "a", 1));
        instances.put(news("ord", "b", 2));
        instances.put(news("ord", "a", 7));

        let known: Vec<_> = instances
            .of(&code("ord"))
            .iter()
            .map(|instance| (instance.id.as_str(), instance.connections))
            .collect();

        assert_eq!(known, [("a", 7), ("b", 2)]);
    }

    #[test]
    fn every_instance_has_an_address_of_its_own() {
        let mut instances = Instances::default();
        for (region, id) in [("ord", "a"), ("fra", "c"), ("ord", "b")] {
            instances.put(news(region, id, 1));
        }

        let addresses = instances.addresses();

        let [a, b, c] = ["a", "b", "c"].map(|id| format!("https://{id}.example"));
        assert_eq!(
            addresses,
            [(code("fra"), c), (code("ord"), a), (code("ord"), b)]
        );
    }

    #[test]
    fn a_region_without_instances_is_forgotten() {
        let mut instances = Instances::default();
        instances.put(news("ord", "a", 1));

        instances.put(gone("a"));
        instances.put(gone("never was"));

        assert_eq!(instances, Instances::default());
        assert_eq!(instances.pick(&code("ord")), None);
    }

    #[test]
    fn the_fullest_of_many_is_never_picked_and_every_other_one_is() {
        let mut instances = Instances::default();
        for (id, connections) in [("a", 10), ("b", 20), ("c", 30), ("d", 99)] {
            instances.put(news("ord", id, connections));
        }

        let mut picked: Vec<_> = (0..1_000)
            .filter_map(|_| instances.pick(&code("ord")))
            .map(|instance| instance.id.as_str())
            .collect();
        picked.sort_unstable();
        picked.dedup();

        assert_eq!(picked, ["a", "b", "c"]);
    }

    #[test]
    fn equally_loaded_instances_share_what_comes() {
        let mut instances = Instances::default();
        instances.put(news("ord", "a", 5));
        instances.put(news("ord", "b", 5));

        let first = (0..2_000)
            .filter_map(|_| instances.pick(&code("ord")))
            .filter(|instance| instance.id == "a")
            .count();

        // Fair coins leave this range once in 10^11 tries.
        assert!((850..=1_150).contains(&first), "{first} of 2 000");
    }
}
