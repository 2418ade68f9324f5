//! The server's container, built by buildah from its own file, on the small Debian in place of the one that a registry has.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, ensure};
use deskbell_installer::build::Target;
use deskbell_tests::support::{
    deadline::PATIENT,
    http, loopback,
    programs::{Programs, workspace},
};
use tempfile::TempDir;
use tokio::time::{Duration, Instant, sleep};

use crate::made::run;

/// What the file builds on.
const BASE: &str = "docker.io/library/debian:bookworm-slim";

/// Where buildah keeps what this test makes.
struct Storage(TempDir);

impl Storage {
    fn buildah(&self, arguments: &[&str]) -> Command {
        let folder = |name: &str| self.0.path().join(name);
        let mut buildah = Command::new("buildah");
        buildah.arg("--root").arg(folder("root")).arg("--runroot").arg(folder("runroot"));
        buildah.args(["--storage-driver", "vfs"]).args(arguments).env("BUILDAH_ISOLATION", "chroot");
        buildah
    }

    fn run(&self, arguments: &[&str]) -> anyhow::Result<String> {
        Ok(run(&mut self.buildah(arguments))?.trim().to_owned())
    }

    /// A container of an image, or of nothing.
    fn container(&self, image: &str) -> anyhow::Result<String> {
        self.run(&["from", "--pull-never", image])
    }
}

/// A process of the container, which ends with this value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Best effort: what it leaves ends with the test's folder.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A folder as `cargo build-all` leaves it, as far as the file looks.
fn context(folder: &Path) -> anyhow::Result<()> {
    let place = folder.join("target/dist").join(Target::Linux.folder());
    fs::create_dir_all(&place)?;
    run(Command::new("strip").arg("-o").arg(place.join("deskbell-server")).arg(&Programs::built()?.server))?;
    fs::copy(workspace().join(".containerignore"), folder.join(".containerignore"))?;
    fs::write(folder.join("secret"), "is not part of any image")?;
    Ok(())
}

/// The image has the program and its user, who alone can read the data; it answers where its port is.
#[tokio::test(flavor = "multi_thread")]
async fn in_a_root_the_servers_container_is_built_and_answers() -> anyhow::Result<()> {
    let storage = Storage(tempfile::tempdir_in(workspace().join("target/packaging"))?);
    let folder = tempfile::tempdir()?;
    context(folder.path())?;
    let archive = folder.path().join("secret-base.tar");
    let debian = workspace().join("target/packaging/debian");
    run(Command::new("tar")
        .arg("-C")
        .arg(&debian)
        .args(["--exclude=./proc", "--exclude=./sys", "-cf"])
        .arg(&archive)
        .arg("."))?;
    let base = storage.container("scratch")?;
    storage.run(&["add", "--quiet", &base, archive.to_str().context("a path of text")?, "/"])?;
    storage.run(&["commit", "--quiet", "--rm", &base, BASE])?;
    let file = workspace().join("installer/server/Containerfile");
    let mut build = storage.buildah(&["bud", "--pull-never", "--tag", "deskbell-server", "--file"]);
    run(build.arg(file).arg(folder.path()))?;

    let container = storage.container("deskbell-server")?;
    let port = loopback::listener()?.local_addr()?.port();
    let address = format!("DESKBELL_SERVER__LISTEN__ADDRESSES=[\"127.0.0.1:{port}\"]");
    let url = format!("http://localhost:{port}");
    let public = format!("DESKBELL_SERVER__PUBLIC_URL={url}");
    storage.run(&["config", "--env", &address, "--env", &public, &container])?;
    let mut serve = storage.buildah(&["run", &container, "--", "deskbell-server", "serve"]);
    let serve = serve.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let _running = Running(serve.spawn().context("starting the container")?);
    let (client, deadline) = (http::client()?, Instant::now() + PATIENT);
    while client.get(format!("{url}/healthz")).send().await.map_or(true, |answer| !answer.status().is_success()) {
        ensure!(Instant::now() < deadline, "the container does not answer at {url}");
        sleep(Duration::from_millis(200)).await;
    }
    let look =
        "id -un; stat -c '%a %U' /var/lib/deskbell-server; ls /var/lib/deskbell-server/deskbell.key; pg_dump --version";
    let seen = storage.run(&["run", &container, "--", "sh", "-c", look])?;
    ensure!(seen.starts_with("deskbell\n700 deskbell\n/var/lib/deskbell-server/deskbell.key\npg_dump"), "{seen}");
    let found = storage.run(&[
        "run",
        "--user",
        "root",
        &container,
        "--",
        "find",
        "/",
        "-xdev",
        "-name",
        "secret*",
        "-maxdepth",
        "1",
    ])?;
    ensure!(found.is_empty(), "the image has more than it needs: {found}");
    Ok(())
}
