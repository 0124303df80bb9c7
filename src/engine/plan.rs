//! What is to be sent: probes that are made when their turn comes, so that memory does not grow with them.

use super::redact::PlanSecrets;
use crate::domain::probe::Probe;

/// A plan: its probes, and what must be known of all of them before the first is sent.
pub struct Plan {
    pub(super) probes: Box<dyn Iterator<Item = Probe> + Send>,
    pub(super) facts: PlanFacts,
}

/// What must be known of all probes before the first is sent.
#[derive(Clone, Debug, Default)]
pub struct PlanFacts {
    /// How many probes there are.
    pub count: usize,
    /// Whether one of them writes.
    pub writes: bool,
    pub(super) secrets: PlanSecrets,
}

impl PlanFacts {
    /// Adds a probe.
    pub fn add(&mut self, probe: &Probe) {
        self.count += 1;
        self.writes |= matches!(probe.method.as_str(), "PUT" | "POST" | "DELETE");
        self.secrets.add(probe);
    }
}

impl Plan {
    /// A plan of probes of which all is known that must be.
    pub fn new(probes: impl Iterator<Item = Probe> + Send + 'static, facts: PlanFacts) -> Self {
        Self { probes: Box::new(probes), facts }
    }
}

impl From<Vec<Probe>> for Plan {
    fn from(probes: Vec<Probe>) -> Self {
        let mut facts = PlanFacts::default();
        for probe in &probes {
            facts.add(probe);
        }
        Self::new(probes.into_iter(), facts)
    }
}
