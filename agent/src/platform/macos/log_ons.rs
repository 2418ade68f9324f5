//! Who is logged on, as the window server tells the system's dynamic store, and in which of these sessions a program is.
//!
//! The store's key for the console's user has all sessions of fast user switching and tells when they change, both
//! without a window server of one's own, which a daemon must not use. `utmpx` has the users alone, not the sessions.
#![expect(unsafe_code, reason = "the system's calls for a socket's other end, and its constants")]

use std::{cell::RefCell, io, os::fd::AsRawFd as _, rc::Rc, thread};

use core_foundation::{
    array::CFArray,
    propertylist::{create_data, kCFPropertyListBinaryFormat_v1_0},
    runloop::{CFRunLoop, kCFRunLoopDefaultMode},
    string::CFString,
};
use system_configuration::dynamic_store::{
    SCDynamicStore, SCDynamicStoreBuilder, SCDynamicStoreCallBackContext as CallBack,
};
use tokio::net::UnixStream;
use tracing::info;

use crate::{platform::console_users, service::trays::Session};

/// What `SCDynamicStoreKeyCreateConsoleUser` names.
const CONSOLE_USER: &str = "State:/Users/ConsoleUser";

/// What the kernel says of a process (`bsm/audit.h`).
#[repr(C)]
#[derive(Default)]
struct AuditToken([u32; 8]);

#[link(name = "bsm")]
unsafe extern "C" {
    fn audit_token_to_asid(token: AuditToken) -> libc::pid_t;
}

/// The audit session of the program at the other end, which every program of a log-on has, however it was started.
pub(in crate::platform) fn session_of(client: &UnixStream) -> Option<String> {
    let mut token = AuditToken::default();
    let mut length = libc::socklen_t::try_from(size_of::<AuditToken>()).ok()?;
    // SAFETY: the socket is open, and the system writes no more than the length that it is told.
    let asked = unsafe {
        let (level, option) = (libc::SOL_LOCAL, libc::LOCAL_PEERTOKEN);
        libc::getsockopt(client.as_raw_fd(), level, option, (&raw mut token).cast(), &raw mut length)
    };
    // SAFETY: the function takes numbers.
    (asked == 0).then(|| unsafe { audit_token_to_asid(token) }.to_string())
}

/// Says which sessions there are, at once and whenever that changes, on a thread of its own, for as long as somebody
/// hears it. Where nobody keeps account it says so.
pub fn watch_sessions(is_heard: impl Fn(Option<Vec<Session>>) -> bool + Send + 'static) -> io::Result<()> {
    let watch = move || {
        let watch = Rc::new(Watch { is_heard, last: RefCell::default() });
        if let Err(reason) = watch.follow() {
            info!(reason, "The system does not tell about sessions; each user counts as one");
            (watch.is_heard)(None);
        }
    };
    thread::Builder::new().name("log-ons".into()).spawn(watch).map(drop)
}

struct Watch<F> {
    is_heard: F,
    /// What was said last.
    last: RefCell<Option<Option<Vec<Session>>>>,
}

impl<F: Fn(Option<Vec<Session>>) -> bool + 'static> Watch<F> {
    /// Returns when nobody hears any longer.
    fn follow(self: &Rc<Self>) -> Result<(), &'static str> {
        let callback = CallBack { callout: |store, _, watch: &mut Rc<Self>| watch.tell(&store), info: Rc::clone(self) };
        let store = SCDynamicStoreBuilder::new("deskbell-agent").callback_context(callback).build();
        let store = store.ok_or("there is no dynamic store")?;
        let keys = CFArray::from_CFTypes(&[CFString::from_static_string(CONSOLE_USER)]);
        if !store.set_notification_keys(&keys, &CFArray::<CFString>::from_CFTypes(&[])) {
            return Err("the dynamic store tells of no changes");
        }
        let source = store.create_run_loop_source().ok_or("the dynamic store cannot be waited for")?;
        // SAFETY: a constant of the system's.
        CFRunLoop::get_current().add_source(&source, unsafe { kCFRunLoopDefaultMode });
        self.tell(&store);
        CFRunLoop::run_current();
        Ok(())
    }

    fn tell(&self, store: &SCDynamicStore) {
        let known = sessions(store);
        let last = self.last.replace(Some(known.clone()));
        if last.as_ref() != Some(&known) && !(self.is_heard)(known) {
            CFRunLoop::get_current().stop();
        }
    }
}

fn sessions(store: &SCDynamicStore) -> Option<Vec<Session>> {
    let value = store.get(CONSOLE_USER)?;
    let plist = create_data(value.as_CFTypeRef(), kCFPropertyListBinaryFormat_v1_0).ok()?;
    console_users::sessions(plist.bytes())
}
