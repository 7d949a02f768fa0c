//! The suite over the plain store: each demand can be met, by stores that can do everything and by stores that cannot.

use async_trait::async_trait;
use pllm_core::{Capabilities, Result, StoreBackend};
use pllm_testkit::plain_store::PlainStores;
use pllm_testkit::store_suite::{self, Engine, StoreFactory};
use std::process::ExitCode;
use std::sync::Arc;

struct Plain {
    name: &'static str,
    capabilities: Capabilities,
}

struct PlainEngine(Arc<PlainStores>);

#[async_trait]
impl StoreFactory for Plain {
    fn name(&self) -> &'static str {
        self.name
    }

    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }

    async fn start(&self) -> Result<Box<dyn Engine>> {
        Ok(Box::new(PlainEngine(Arc::new(PlainStores::new(self.capabilities)))))
    }
}

#[async_trait]
impl Engine for PlainEngine {
    fn backend(&self) -> Arc<dyn StoreBackend> {
        Arc::clone(&self.0) as Arc<dyn StoreBackend>
    }

    /// Its memory is all it has, so it goes on with it.
    async fn restart(&mut self) -> Result<()> {
        Ok(())
    }
}

fn main() -> std::io::Result<ExitCode> {
    let plain = |name, keyword, embedding| Plain { name, capabilities: Capabilities { keyword, embedding } };
    let mut trials = store_suite::trials(plain("plain", true, true))?;
    // What these two cannot do is refused; the rest is the same code as above.
    for partly in [plain("plain_words", true, false), plain("plain_vectors", false, true)] {
        let capability = store_suite::trials(partly)?;
        trials.extend(capability.into_iter().filter(|trial| trial.name().contains("::capability::")));
    }
    Ok(pllm_testkit::run(trials))
}
