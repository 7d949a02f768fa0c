//! One model, one child, one answer at a time: a task that owns the child and takes what callers want in turn. Callers only hold
//! ends of channels, so they are free at once, whatever the child is at.

use super::child::Child;
use super::stream::LocalStream;
use super::wire::{Ask, Begin, End, Load, Reply, nonsense};
use crate::generators::stopped::until_stopped;
use pllm_core::{Error, ErrorKind, GenerationEvent, GenerationRequest, Result, Retry, RunContext, Usage};
use pllm_runtime::CpuPool;
use pllm_runtime::pool::Guest;
use pllm_runtime::worker::WorkerCommand;
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Answers that may wait for their turn.
const WAITING_ANSWERS: usize = 8;
/// Questions about tokens that may wait for the next step; more wait at the door.
const WAITING_COUNTS: usize = 64;
/// A child that is at a step which nobody wants any more is given so long to end it.
const GRACE: Duration = Duration::from_secs(2);
/// Counts that are remembered, and texts longer than this are not.
const REMEMBERED: (usize, usize) = (1024, 1024);

type Events = mpsc::UnboundedSender<Result<GenerationEvent>>;

/// What callers hold of the task.
#[derive(Debug)]
pub(super) struct Engine {
    plan: Plan,
    task: OnceLock<Doors>,
    counts: Mutex<HashMap<String, usize>>,
}

/// How a child is started, how long it stays, and with whom it takes turns.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) command: WorkerCommand,
    pub(super) load: Load,
    pub(super) memory_bytes: u64,
    pub(super) idle: Duration,
    pub(super) pool: CpuPool,
}

#[derive(Debug)]
struct Doors {
    answers: mpsc::Sender<Answer>,
    counts: mpsc::Sender<Count>,
}

/// An answer that somebody waits for.
#[derive(Debug)]
struct Answer {
    begin: Begin,
    begun: oneshot::Sender<Result<()>>,
    events: Events,
}

/// A text whose tokens somebody wants to know.
#[derive(Debug)]
struct Count {
    text: String,
    reply: oneshot::Sender<Result<usize>>,
}

impl Engine {
    pub(super) fn new(plan: Plan) -> Self {
        Self { plan, task: OnceLock::new(), counts: Mutex::default() }
    }

    /// The tokens of a text; those of a short text are remembered.
    pub(super) async fn count(&self, text: &str) -> Result<usize> {
        let known = || self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tokens) = known().get(text) {
            return Ok(*tokens);
        }
        let tokens = self.ask_count(text).await?;
        if text.len() <= REMEMBERED.1 {
            let mut known = known();
            if known.len() >= REMEMBERED.0 {
                known.clear();
            }
            known.insert(text.to_owned(), tokens);
        }
        Ok(tokens)
    }

    async fn ask_count(&self, text: &str) -> Result<usize> {
        let (reply, counted) = oneshot::channel();
        let count = Count { text: text.to_owned(), reply };
        self.doors().counts.send(count).await.map_err(|_| gone())?;
        counted.await.map_err(|_| gone())?
    }

    /// Begins an answer: waits for its turn, and for the prompt to be understood.
    pub(super) async fn generate(
        &self,
        request: GenerationRequest,
        context: &RunContext,
    ) -> Result<LocalStream> {
        request.check()?;
        let (begun, is_begun) = oneshot::channel();
        let (events, received) = mpsc::unbounded_channel();
        let answer = Answer { begin: Begin::new(request), begun, events };
        self.doors().answers.try_send(answer).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => full(),
            mpsc::error::TrySendError::Closed(_) => gone(),
        })?;
        until_stopped(context, async { is_begun.await.map_err(|_| gone())? }).await?;
        Ok(LocalStream::new(received, context.clone()))
    }

    /// Whether the model loads. It stays loaded for a while.
    pub(super) async fn check(&self) -> Result<()> {
        self.ask_count("").await.map(drop)
    }

    /// The task, started by whoever comes first: that is inside of the async runtime, where the engine may not have been made.
    fn doors(&self) -> &Doors {
        self.task.get_or_init(|| {
            let (answers, asked) = mpsc::channel(WAITING_ANSWERS);
            let (counts, to_count) = mpsc::channel(WAITING_COUNTS);
            tokio::spawn(Task { plan: self.plan.clone(), child: None, counts: to_count }.run(asked));
            Doors { answers, counts }
        })
    }
}

fn full() -> Error {
    let message = format!("{WAITING_ANSWERS} answers of the local model are waiting already");
    Error::new(ErrorKind::Overloaded, "models.local", message)
        .retry_as(Retry::Later(Some(Duration::from_secs(10))))
}

fn left() -> Error {
    Error::new(ErrorKind::Cancelled, "models.local", "nobody waits for the answer")
}

/// The task ended under its callers: the program is ending.
fn gone() -> Error {
    Error::new(ErrorKind::Cancelled, "models.local", "the local model was shut down")
}

/// The owner of the child.
struct Task {
    plan: Plan,
    child: Option<Child>,
    counts: mpsc::Receiver<Count>,
}

impl Task {
    async fn run(mut self, mut answers: mpsc::Receiver<Answer>) {
        loop {
            tokio::select! {
                biased;
                answer = answers.recv() => match answer {
                    Some(answer) => self.answer(answer).await,
                    None => break,
                },
                Some(count) = self.counts.recv() => self.count(count).await,
                () = tokio::time::sleep(self.plan.idle), if self.child.is_some() => self.end().await,
            }
        }
        self.end().await;
    }

    /// Writes one answer, unless its caller has left.
    async fn answer(&mut self, Answer { begin, begun, events }: Answer) {
        if events.is_closed() {
            return;
        }
        let most = u64::from(begin.max_tokens);
        match self.begin(begin, &events).await {
            Ok(usage) => {
                // Whoever asked may have left; that is seen before the first step.
                let _ = begun.send(Ok(()));
                self.write(usage, most, &events).await;
            }
            Err(error) => {
                let _ = begun.send(Err(error));
            }
        }
    }

    /// Has the prompt understood.
    async fn begin(&mut self, begin: Begin, events: &Events) -> Result<Usage> {
        match self.ask(&Ask::Begin(begin), Some(events)).await? {
            Reply::Begun { prompt_tokens, cached_tokens } if cached_tokens <= prompt_tokens => {
                Ok(Usage { prompt_tokens, cached_tokens, completion_tokens: 0 })
            }
            _ => Err(self.distrust("a prompt was not understood")),
        }
    }

    /// Has one step done after the other until the end, or until nobody listens.
    async fn write(&mut self, mut usage: Usage, most: u64, events: &Events) {
        let guest = self.plan.pool.guest();
        while !events.is_closed() {
            let (text, end) = match self.step(&guest, &mut usage, most, events).await {
                Ok(stepped) => stepped,
                Err(error) => {
                    let _ = events.send(Err(error));
                    return;
                }
            };
            let text = (!text.is_empty()).then_some(GenerationEvent::Text(text));
            let last = end.map(|end| [GenerationEvent::Usage(usage), GenerationEvent::Finish(end.into())]);
            let ended = last.is_some();
            for event in text.into_iter().chain(last.into_iter().flatten()) {
                // Whoever does not listen any more is seen at the head of the loop.
                let _ = events.send(Ok(event));
            }
            if ended {
                return;
            }
            // Whoever counts waits for a step, not for an answer.
            while let Ok(count) = self.counts.try_recv() {
                self.count(count).await;
            }
        }
    }

    /// One step, when it is its turn.
    async fn step(
        &mut self,
        guest: &Guest,
        usage: &mut Usage,
        most: u64,
        events: &Events,
    ) -> Result<(String, Option<End>)> {
        let _alone = tokio::select! {
            alone = guest.alone() => alone,
            () = events.closed() => return Err(left()),
        };
        match self.ask(&Ask::Step, Some(events)).await? {
            Reply::Stepped { text, tokens, end } if tokens <= most - usage.completion_tokens => {
                usage.completion_tokens += tokens;
                Ok((text, end))
            }
            _ => Err(self.distrust("a step was none")),
        }
    }

    async fn count(&mut self, Count { text, reply }: Count) {
        if reply.is_closed() {
            return;
        }
        let counted = match self.ask(&Ask::Count(text), None).await {
            Ok(Reply::Counted(tokens)) => Ok(tokens),
            Ok(_) => Err(self.distrust("tokens were not counted")),
            Err(error) => Err(error),
        };
        let _ = reply.send(counted);
    }

    /// Asks the child, a new one where there is none. When whoever waits for the reply leaves, the child is given a moment to come
    /// to the end of what it is at, and is replaced when it does not.
    async fn ask(&mut self, ask: &Ask, wanted_by: Option<&Events>) -> Result<Reply> {
        let mut child = match self.child.take() {
            Some(child) => child,
            None => {
                let Plan { command, load, memory_bytes, .. } = &self.plan;
                Child::start(command.clone(), *load, *memory_bytes).await?
            }
        };
        let has_left = async {
            match wanted_by {
                Some(events) => events.closed().await,
                None => std::future::pending().await,
            }
            tokio::time::sleep(GRACE).await;
        };
        let outcome = tokio::select! {
            biased;
            outcome = child.ask(ask) => outcome,
            () = has_left => Err(left()),
        };
        // One that failed, or was left in the middle of a reply, is ended where it is dropped.
        self.child = Some(child).filter(Child::is_sound);
        outcome.and_then(Reply::checked)
    }

    /// Ends a child that keeps no rule.
    fn distrust(&mut self, what: &str) -> Error {
        self.child = None;
        nonsense(what)
    }

    async fn end(&mut self) {
        if let Some(child) = self.child.take() {
            child.end().await;
        }
    }
}
