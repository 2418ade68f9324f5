//! What a person sees in the task bar: the tray's icon, and its tooltip.

use std::path::Path;

use anyhow::{Context, ensure};
use tokio::process::Command;

use crate::support::wine::Wine;

const TASK_BAR: &str = "\tShell_TrayWnd\t";

impl Wine {
    /// The color in the middle of the last icon on the screen: red, green, blue.
    pub async fn icon_color(&self) -> anyhow::Result<[u8; 3]> {
        let (column, row) = self.icon_middle().await?;
        let mut import = Command::new("import");
        import.args(["-window", "root", "-crop", &format!("1x1+{column}+{row}"), "-depth", "8", "rgb:-"]);
        let output = import.env("DISPLAY", self.screen.display()).output().await.context("running import")?;
        ensure!(output.status.success(), "import: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout.as_slice().try_into().context("one pixel has three bytes")
    }

    /// What is read with the pointer on the icon.
    pub async fn tooltip(&self) -> anyhow::Result<String> {
        let (column, row) = self.icon_middle().await?;
        let shown = async || {
            self.point_at(500, 300).await?;
            self.point_at(column, row).await?;
            Ok(Some(self.desk(&["tooltip"]).await?.trim().to_owned()))
        };
        self.until("a tooltip", shown).await
    }

    /// Takes a picture of the screen.
    pub async fn picture(&self, path: &Path) -> anyhow::Result<()> {
        let mut import = Command::new("import");
        let taken = import.args(["-window", "root"]).arg(path).env("DISPLAY", self.screen.display()).status().await?;
        ensure!(taken.success(), "import: {taken}");
        Ok(())
    }

    /// Wine paints its icons at the right end of the task bar, each in a square.
    async fn icon_middle(&self) -> anyhow::Result<(u32, u32)> {
        let windows = self.windows().await?;
        let bar = windows.lines().find(|line| line.contains(TASK_BAR)).context("there is no task bar")?;
        let edges = bar.rsplit('\t').next().unwrap_or_default().split(',').map(|edge| edge.trim().parse::<u32>());
        let edges = edges.collect::<Result<Vec<_>, _>>().with_context(|| format!("reading {bar}"))?;
        let [_, top, right, bottom] = edges.as_slice() else { anyhow::bail!("reading {bar}") };
        let half = (bottom - top) / 2;
        Ok((right - half, top + half))
    }
}
