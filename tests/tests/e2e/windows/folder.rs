//! Who may enter the agent's folder.

use super::{WINE_ACCOUNT, computer::WindowsComputer};

const FOLDER: &str = r"C:\ProgramData\Deskbell";
const EVERYBODY: &str = ";;;WD)";

/// Under Wine: the folder, which was there with rights for everybody before the service came, and what the service makes in
/// it are the system's and the own account's alone. Wine keeps the mode of a file and makes a list of that: it has no entry
/// for the administrators, and does not say that nothing is taken over from the folder around.
#[tokio::test(flavor = "multi_thread")]
async fn windows_the_agents_folder_is_closed_to_everybody_else() -> anyhow::Result<()> {
    let computer = WindowsComputer::new().await?;
    let rights = async |path: &str| computer.wine.desk(&["rights", path]).await;
    assert!(rights(r"C:\ProgramData").await?.contains(EVERYBODY), "others can enter the folder around");
    for (path, flags) in [("", "OICI"), (r"\state", "OICI"), (r"\state\identity.json", "")] {
        let path = format!("{FOLDER}{path}");
        let closed = format!("O:{WINE_ACCOUNT}D:(A;{flags};FA;;;SY)(A;{flags};FA;;;{WINE_ACCOUNT})");
        assert_eq!(rights(&path).await?.trim(), closed, "{path}");
    }
    Ok(())
}
