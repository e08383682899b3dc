//! Figures of mail.

use crate::metrics::counter;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use protocol::MessageStatus;

/// Figures of mail. Cheap to clone; all clones count together.
#[derive(Clone, Debug)]
pub struct MailMetrics {
    /// Messages that people of this instance sent, by status; retries are not counted.
    pub sent: Family<[(&'static str, &'static str); 1], Counter>,
    /// Messages of other clusters that this instance stored; retries are not counted.
    pub received: Counter,
}

impl MailMetrics {
    /// Figures at zero, registered under their Prometheus names.
    pub(crate) fn new(registry: &mut Registry) -> Self {
        let sent = Family::default();
        registry.register(
            "messages_sent",
            "Messages sent here, by status",
            sent.clone(),
        );
        let help = "Messages of other clusters stored here";
        Self {
            sent,
            received: counter(registry, "messages_received", help),
        }
    }

    pub(super) fn message_sent(&self, status: MessageStatus) {
        let status = match status {
            MessageStatus::Delivered => "delivered",
            MessageStatus::Queued => "queued",
            MessageStatus::Failed => "failed",
        };
        self.sent.get_or_create(&[("status", status)]).inc();
    }
}
