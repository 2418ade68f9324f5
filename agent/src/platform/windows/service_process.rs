//! The service as a process: what the service manager and the command line tell it.

use std::{
    ffi::OsString,
    fmt::Display,
    io,
    path::Path,
    sync::{
        LazyLock, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc as blocking,
    },
    time::Duration,
};

use tokio::{
    signal::windows::{CtrlC, ctrl_c},
    sync::mpsc,
};
use windows_service::{
    define_windows_service,
    service::{
        Service, ServiceAccess, ServiceControl, ServiceControlAccept, ServiceExitCode, ServiceState, ServiceStatus,
        ServiceType, UserEventCode,
    },
    service_control_handler::{self, ServiceControlHandlerResult, ServiceStatusHandle},
    service_dispatcher,
    service_manager::{ServiceManager, ServiceManagerAccess},
};

use crate::platform::{Order, windows::files::system_paths};

/// What starts the service, in an administrator's words to a shell.
pub const START_SERVICE: &str = "sc start deskbell-agent";
/// What ends it and starts it.
pub const RESTART_SERVICE: &str = "sc stop deskbell-agent, then sc start deskbell-agent";
/// What ends it.
pub const STOP_SERVICE: &str = "sc stop deskbell-agent";

/// What the service manager calls the service.
const NAME: &str = "deskbell-agent";
/// What the service ends with when it failed; its log says why.
const FAILED: u32 = 1;

/// What tells the service to read its files again: the first of the codes that are each service's own.
const RELOAD: u32 = 128;

/// Where orders arrive.
#[derive(Debug)]
pub struct Orders {
    controls: mpsc::UnboundedReceiver<Order>,
    ctrl_c: CtrlC,
}

/// The service manager calls plain functions, which find here what they need.
static CHANNELS: LazyLock<Channels> = LazyLock::new(Channels::new);
static WORK: Mutex<Option<Work>> = Mutex::new(None);
static IS_SERVICE: AtomicBool = AtomicBool::new(false);

/// Does it, and says whether it went well.
type Work = Box<dyn FnOnce() -> bool + Send>;

struct Channels {
    orders: mpsc::UnboundedSender<Order>,
    received_orders: Mutex<Option<mpsc::UnboundedReceiver<Order>>>,
    changes: blocking::Sender<()>,
    received_changes: Mutex<Option<blocking::Receiver<()>>>,
}

impl Channels {
    fn new() -> Self {
        let (orders, received_orders) = mpsc::unbounded_channel();
        let (changes, received_changes) = blocking::channel();
        Self {
            orders,
            received_orders: Mutex::new(Some(received_orders)),
            changes,
            received_changes: Mutex::new(Some(received_changes)),
        }
    }
}

impl Orders {
    /// Takes orders from here on. Once in a program.
    pub fn listen() -> io::Result<Self> {
        let controls = locked(&CHANNELS.received_orders).take();
        Ok(Self { controls: controls.ok_or(io::ErrorKind::AlreadyExists)?, ctrl_c: ctrl_c()? })
    }

    /// The next order.
    pub async fn next(&mut self) -> Order {
        tokio::select! {
            Some(order) = self.controls.recv() => order,
            _ = self.ctrl_c.recv() => Order::End,
        }
    }
}

/// Does `work` as the service that the system started, or here, if somebody started this program by hand.
pub fn run_as_service<E: Display + Send + 'static>(
    work: impl FnOnce() -> Result<(), E> + Send + 'static,
) -> Result<(), E> {
    let (outcome, came) = blocking::channel();
    *locked(&WORK) = Some(Box::new(move || {
        let done = work();
        let went_well = done.is_ok();
        if let (Err(error), true) = (&done, is_service()) {
            // Nobody reads what a service prints.
            tracing::error!("{error}");
        }
        outcome.send(done).is_ok() && went_well
    }));
    // Fails at once where no service manager waits for this program.
    let dispatched = service_dispatcher::start(NAME, call_from_service_manager);
    if let Some(work) = locked(&WORK).take() {
        tracing::debug!(?dispatched, "This program was not started as a service");
        work();
    }
    came.recv().expect("the work was done on one of the two ways")
}

/// Whether the service manager started this program.
pub(super) fn is_service() -> bool {
    IS_SERVICE.load(Ordering::Relaxed)
}

/// Tells whenever somebody logged on or off. Once in a program.
pub(super) fn session_changes() -> Option<blocking::Receiver<()>> {
    locked(&CHANNELS.received_changes).take()
}

/// Tells the installed service, if its lock file is `lock`, to read its configuration and identity again.
pub fn tell_service_to_reload(lock: &Path) -> io::Result<()> {
    if lock != system_paths().lock {
        return Err(io::Error::new(io::ErrorKind::Unsupported, "only the installed service can be told"));
    }
    let told = || -> windows_service::Result<()> {
        let manager = ServiceManager::local_computer(None::<&str>, ServiceManagerAccess::CONNECT)?;
        let service: Service = manager.open_service(NAME, ServiceAccess::USER_DEFINED_CONTROL)?;
        let code = UserEventCode::from_raw(RELOAD).expect("a code of the service's own");
        service.notify(code).map(drop)
    };
    told().map_err(io::Error::other)
}

define_windows_service!(call_from_service_manager, serve);

fn serve(_arguments: Vec<OsString>) {
    let Some(work) = locked(&WORK).take() else { return };
    IS_SERVICE.store(true, Ordering::Relaxed);
    let Ok(manager) = service_control_handler::register(NAME, handle_control) else { return };
    say(manager, ServiceState::Running, ServiceExitCode::NO_ERROR);
    let exit_code = if work() { ServiceExitCode::NO_ERROR } else { ServiceExitCode::ServiceSpecific(FAILED) };
    say(manager, ServiceState::Stopped, exit_code);
}

fn handle_control(control: ServiceControl) -> ServiceControlHandlerResult {
    let is_taken = match control {
        ServiceControl::Stop | ServiceControl::Shutdown => CHANNELS.orders.send(Order::End).is_ok(),
        ServiceControl::UserEvent(code) if code.to_raw() == RELOAD => CHANNELS.orders.send(Order::Reload).is_ok(),
        ServiceControl::SessionChange(_) => CHANNELS.changes.send(()).is_ok(),
        ServiceControl::Interrogate => true,
        _ => return ServiceControlHandlerResult::NotImplemented,
    };
    // A service that ends hears nothing more, and need not.
    tracing::trace!(is_taken, "The service manager said something");
    ServiceControlHandlerResult::NoError
}

fn say(manager: ServiceStatusHandle, state: ServiceState, exit_code: ServiceExitCode) {
    let accepted = match state {
        ServiceState::Running => {
            ServiceControlAccept::STOP | ServiceControlAccept::SHUTDOWN | ServiceControlAccept::SESSION_CHANGE
        }
        _ => ServiceControlAccept::empty(),
    };
    let status = ServiceStatus {
        service_type: ServiceType::OWN_PROCESS,
        current_state: state,
        controls_accepted: accepted,
        exit_code,
        checkpoint: 0,
        wait_hint: Duration::ZERO,
        process_id: None,
    };
    if let Err(error) = manager.set_service_status(status) {
        tracing::warn!(%error, "The service manager was not told how the service is");
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
