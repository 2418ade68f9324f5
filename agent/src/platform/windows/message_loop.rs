//! The loop of window messages of a program that has no window to see. Closing it is all that the system may ask of it.
#![expect(unsafe_code, reason = "the system's calls for windows and messages")]

use std::{
    ffi::c_void,
    io,
    marker::PhantomData,
    ptr::{null, null_mut},
    sync::atomic::{AtomicPtr, Ordering},
    time::Duration,
};

use windows_sys::Win32::{
    Foundation::{HWND, LPARAM, LRESULT, TRUE, WAIT_FAILED, WAIT_TIMEOUT, WPARAM},
    System::{
        LibraryLoader::GetModuleHandleW,
        StationsAndDesktops::{GetThreadDesktop, SetThreadDesktop},
        Threading::{GetCurrentThreadId, INFINITE},
    },
    UI::WindowsAndMessaging::{
        CreateWindowExW, DefWindowProcW, DispatchMessageW, MSG, MWMO_INPUTAVAILABLE, MsgWaitForMultipleObjectsEx,
        PM_REMOVE, PeekMessageW, PostQuitMessage, PostThreadMessageW, QS_ALLINPUT, RegisterClassW, TranslateMessage,
        WM_APP, WM_CLOSE, WM_ENDSESSION, WM_QUERYENDSESSION, WM_QUIT, WNDCLASSW, WS_EX_TOOLWINDOW, WS_OVERLAPPED,
    },
};

use crate::platform::windows::wide;

/// The class of the window that is told to close.
const CLASS: &str = "DeskbellTray";

/// The desktop of the thread that has the loop.
static DESKTOP: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

/// Takes this thread to the desktop of the one that has the loop, where there is one. Under Wine, the other threads of a
/// program that a service started are on the service's desktop, which nobody sees.
pub(super) fn join_desktop() {
    let desktop = DESKTOP.load(Ordering::Relaxed);
    if !desktop.is_null() {
        // SAFETY: the desktop is open for as long as its thread runs, which is as long as the program does. It fails for a
        // thread that has windows, which then is where it belongs.
        unsafe { SetThreadDesktop(desktop) };
    }
}

/// What came of waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Messages were handled.
    Went,
    /// There were none for so long.
    WaitOver,
    /// The program must end: a log-off, an installer, or `taskkill`.
    Closed,
}

/// The loop of the thread that made it, which it must not leave.
#[derive(Debug)]
pub struct MessageLoop {
    thread: u32,
    _stays: PhantomData<*const ()>,
}

/// Ends the loop's wait, from any thread.
#[derive(Debug, Clone, Copy)]
pub struct Waker(u32);

impl MessageLoop {
    /// A loop for this thread, with the window that the system asks to close.
    pub fn new() -> io::Result<Self> {
        let name = wide(CLASS);
        // SAFETY: the module is this program.
        let program = unsafe { GetModuleHandleW(null()) };
        let class = WNDCLASSW {
            lpfnWndProc: Some(handle),
            hInstance: program,
            lpszClassName: name.as_ptr(),
            ..WNDCLASSW::default()
        };
        // SAFETY: the name outlives both calls. A class that is registered already is the same one. The window is of this
        // thread and lives as long; messages to close go to top-level windows only, so it is one, and never shown.
        let window = unsafe {
            RegisterClassW(&raw const class);
            CreateWindowExW(
                WS_EX_TOOLWINDOW,
                name.as_ptr(),
                null(),
                WS_OVERLAPPED,
                0,
                0,
                0,
                0,
                null_mut(),
                null_mut(),
                program,
                null(),
            )
        };
        if window.is_null() {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: takes no arguments.
        let thread = unsafe { GetCurrentThreadId() };
        // SAFETY: takes a number.
        DESKTOP.store(unsafe { GetThreadDesktop(thread) }, Ordering::Relaxed);
        Ok(Self { thread, _stays: PhantomData })
    }

    /// Ends this loop's waits.
    pub fn waker(&self) -> Waker {
        Waker(self.thread)
    }

    /// Waits for messages, no longer than `wait`, and handles them.
    pub fn turn(&self, wait: Option<Duration>) -> io::Result<Turn> {
        let millis = wait.map_or(INFINITE, |wait| u32::try_from(wait.as_millis()).unwrap_or(INFINITE - 1));
        // SAFETY: there are no handles to wait for beside messages.
        match unsafe { MsgWaitForMultipleObjectsEx(0, null(), millis, QS_ALLINPUT, MWMO_INPUTAVAILABLE) } {
            WAIT_TIMEOUT => return Ok(Turn::WaitOver),
            WAIT_FAILED => return Err(io::Error::last_os_error()),
            _ => {}
        }
        let mut message = MSG::default();
        // SAFETY: the system fills in the message, which is handed on as it is.
        while unsafe { PeekMessageW(&raw mut message, null_mut(), 0, 0, PM_REMOVE) } != 0 {
            if message.message == WM_QUIT {
                return Ok(Turn::Closed);
            }
            // SAFETY: as above.
            unsafe {
                TranslateMessage(&raw const message);
                DispatchMessageW(&raw const message);
            }
        }
        Ok(Turn::Went)
    }
}

impl Waker {
    /// Ends the loop's wait; `false` when that has ended for good.
    pub fn wake(self) -> bool {
        // SAFETY: takes numbers. A message that is lost in a menu's own loop is not missed: the loop goes on when the menu
        // closes.
        unsafe { PostThreadMessageW(self.0, WM_APP, 0, 0) != 0 }
    }
}

/// Agrees to a log-off or an upgrade at once, and ends the loop when it comes.
unsafe extern "system" fn handle(window: HWND, message: u32, first: WPARAM, second: LPARAM) -> LRESULT {
    match message {
        WM_QUERYENDSESSION => TRUE as LRESULT,
        WM_ENDSESSION if first == 0 => 0,
        WM_CLOSE | WM_ENDSESSION => {
            // SAFETY: takes a number.
            unsafe { PostQuitMessage(0) };
            0
        }
        // SAFETY: the arguments are the system's own.
        _ => unsafe { DefWindowProcW(window, message, first, second) },
    }
}
