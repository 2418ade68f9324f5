//! What the demo says once everything runs.

use deskbell_tests::support::desktop::Desktop;

use crate::{deskbell::Deskbell, folder::DemoFolder};

/// Prints where things are and what to do next.
pub(crate) fn print(deskbell: &Deskbell, folder: &DemoFolder) {
    let agent = format!("{} --root {}", deskbell.agent.program().display(), deskbell.agent.root().display());
    println!("\nDeskbell is running. The portal is {}my_profile", deskbell.notes.server_url);
    match deskbell.desktop {
        Desktop::TrayHost => println!("Next: click the tray icon and choose \"Customer Online Portal\"."),
        Desktop::NoTrayHost | Desktop::NoSession => {
            println!("There is no tray icon to click here. Next, in another terminal:\n  {agent} menu\n  {agent} open");
        }
    }
    println!("The staff's console: {}", deskbell.console());
    println!("For scripts, the addresses and an API token are in {}.", folder.notes_path().display());
    println!("Ctrl-C ends everything; the next start keeps its data.");
}
