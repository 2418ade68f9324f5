//! What the console shows for Debian, and an installation far from any server, in a small Debian with its own tools.

use std::{
    fs,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, ensure};
use deskbell_installer::{contents::Product, packages::Format};
use deskbell_tests::support::{
    api::{Api, Asset},
    child::Log,
    deadline::PATIENT,
    loopback,
    programs::workspace,
    server::TestServer,
    server_process::ServerFolder,
};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::{
    made::{Made, OLD, run},
    proxy::{Authority, Proxy},
    root::Root,
};

const AGAIN: Duration = Duration::from_millis(200);
const BAKERY: (&str, &str) = ("Lindgren Bakery", "office@lindgren-bakery.example");

/// The service there. It ends with this value.
struct Service(Child);

impl Service {
    fn start(mut command: Command) -> anyhow::Result<Self> {
        let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Self(command.spawn().context("starting the service")?))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Best effort: what it leaves ends with its namespace.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A server with the agent's deb in its folder, and a customer's new token with what the console shows for each tool.
struct Console {
    server: TestServer,
    organization: Uuid,
    token: Value,
}

impl Console {
    async fn new() -> anyhow::Result<Self> {
        let server = TestServer::start().await?;
        let folder = server.data().join("packages");
        fs::create_dir(&folder)?;
        let made = Made::real(Format::Deb, Product::Agent, OLD)?;
        let package = made.package("deskbell-agent")?;
        fs::copy(package, folder.join(package.file_name().context("a name")?))?;
        let organization = server.api.make_organization(BAKERY.0, BAKERY.1).await?;
        let token = json!({"organization_id": organization, "name": "roll-out", "uses": 1});
        let token = server.api.send(Method::POST, "enrollment-tokens", Some(&token)).await?;
        Ok(Self { server, organization, token })
    }

    /// The text for a tool.
    fn text(&self, system: &str, tool: &str) -> anyhow::Result<&str> {
        let commands = self.token["commands"].as_array().context("no commands")?;
        let is_it = |way: &&Value| way["system"] == system && way["tool"].as_str().is_some_and(|is| is.contains(tool));
        commands
            .iter()
            .find(is_it)
            .and_then(|way| way["text"].as_str())
            .with_context(|| format!("no {tool} for {system}"))
    }

    /// Waits until the one computer is enrolled with the service that is started there.
    async fn enrolls(&self, root: &Root) -> anyhow::Result<()> {
        let _service = Service::start(root.command(&[], "deskbell-agent", &["run"]))?;
        let asset = until_enrolled(&self.server.api).await?;
        ensure!(asset.organization_id == self.organization, "{asset:?}");
        ensure!(!root.path("/etc/deskbell/enrollment-token").exists(), "the token was used and is still there");
        Ok(())
    }
}

async fn until_enrolled(api: &Api) -> anyhow::Result<Asset> {
    let deadline = Instant::now() + PATIENT;
    loop {
        if let [asset] = api.assets().await?.as_slice() {
            return Ok(asset.clone());
        }
        ensure!(Instant::now() < deadline, "no computer has enrolled");
        sleep(AGAIN).await;
    }
}

/// AGT-11, AGT-15: the script that the console shows installs the agent, and so does the zip with the token; the computer
/// is then an asset of that organization.
#[tokio::test(flavor = "multi_thread")]
async fn in_a_root_the_consoles_script_for_debian_brings_a_computer_in() -> anyhow::Result<()> {
    let console = Console::new().await?;
    let root = Root::new()?;
    root.write("/tmp/install.sh", console.text("Debian, Ubuntu", "RMM")?)?;
    root.run("sh", &["/tmp/install.sh"])?;
    ensure!(root.is_enabled("deskbell-agent.service"), "the service does not start with the computer");
    console.enrolls(&root).await
}

/// AGT-15: the playbook that the console shows does the same by Ansible, and can run again: who is enrolled stays enrolled.
#[tokio::test(flavor = "multi_thread")]
async fn in_a_root_the_consoles_playbook_for_ansible_brings_a_computer_in() -> anyhow::Result<()> {
    let console = Console::new().await?;
    let root = Root::new()?;
    let ansible = workspace().join("target/ansible");
    ensure!(ansible.join("bin/ansible-playbook").is_file(), "{} is not there: run tests/run", ansible.display());
    let there = root.path(ansible.to_str().context("a path of text")?);
    fs::create_dir_all(there.parent().context("a folder")?)?;
    run(Command::new("cp").args(["--archive", "--reflink=auto"]).arg(&ansible).arg(&there))?;
    root.run("apt-get", &["update", "-qq"])?;
    root.run("apt-get", &["install", "-y", "-qq", "--no-install-recommends", "python3-apt"])?;
    root.write("/root/deskbell.yml", console.text("Linux", "Ansible")?)?;
    let playbook = ansible.join("bin/ansible-playbook");
    let playbook = playbook.to_str().context("a path of text")?;
    // The computer itself, whose own Python knows its package manager.
    let local =
        ["--inventory", "localhost,", "--connection", "local", "-e", "ansible_python_interpreter=/usr/bin/python3"];
    let plays = || {
        root.run("env", &[&["LC_ALL=C.UTF-8", "HOME=/root", playbook], &local[..], &["/root/deskbell.yml"]].concat())
    };
    let first = plays()?;
    ensure!(first.contains("failed=0"), "{first}");
    let token = console.token["token"].as_str().context("a token")?;
    ensure!(!first.contains(token), "the token was logged: {first}");
    ensure!(root.is_enabled("deskbell-agent.service"), "the service does not start with the computer");
    console.enrolls(&root).await?;
    let identity = fs::read(root.path("/var/lib/deskbell-agent/identity.json"))?;
    let second = plays()?;
    ensure!(second.contains("failed=0"), "{second}");
    ensure!(fs::read(root.path("/var/lib/deskbell-agent/identity.json"))? == identity, "the computer enrolled again");
    ensure!(console.server.api.assets().await?.len() == 1, "the computer is there twice");
    Ok(())
}

/// AGT-15: installed while nothing can be reached, the agent enrolls once there is a network, through the proxy that its
/// configuration names, with the company's own CA.
#[tokio::test(flavor = "multi_thread")]
async fn in_a_root_an_agent_that_was_installed_without_a_network_enrolls_later_through_a_proxy() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let listener = loopback::listener()?;
    let address = listener.local_addr()?;
    let folder = ServerFolder::prepare_for(data.path(), &listener)?;
    let configuration = data.path().join("deskbell-server.toml");
    let text = fs::read_to_string(&configuration)?;
    let text = text.replace(folder.url.as_str().trim_end_matches('/'), "https://help.example");
    ensure!(text.contains("help.example"), "{text}");
    fs::write(&configuration, text)?;
    let _server = folder.serve_on(&listener, &Log::StandardError).await?;
    let api_token = folder.make_api_token("test").await?;
    let api = Api::beside(&format!("http://{address}").parse()?, "help.example", &api_token)?;
    let organization = api.make_organization(BAKERY.0, BAKERY.1).await?;
    let token = api.make_enrollment_token(organization).await?.token;
    let authority = Authority::new("The company's CA");
    let proxy = Proxy::start(&authority, "help.example", 30, address);

    let root = Root::new()?;
    root.write("/etc/deskbell/company-ca.pem", &authority.pem())?;
    let network =
        format!("[network]\nproxy = \"{}\"\nca_certificate = \"/etc/deskbell/company-ca.pem\"\n", proxy.url());
    root.write("/etc/deskbell/agent.toml", &network)?;
    root.write("/tmp/token", &token)?;
    let made = Made::real(Format::Deb, Product::Agent, OLD)?;
    let package = root.bring(made.package("deskbell-agent")?)?;
    crate::made::run(&mut root.without_network("dpkg", &["--install", &package]))?;
    let later = ["enroll", "--later", "--server", "https://help.example", "--token-file", "/tmp/token"];
    crate::made::run(&mut root.without_network("deskbell-agent", &later))?;
    let service = Service::start(root.without_network("deskbell-agent", &["run"]))?;
    until_it_complains(&root).await?;
    assert_eq!(proxy.asked(), [""; 0], "there is no network");
    drop(service);

    let _service = Service::start(root.command(&[], "deskbell-agent", &["run"]))?;
    let asset = until_enrolled(&api).await?;
    assert_eq!(asset.organization_id, organization);
    ensure!(proxy.asked().iter().all(|line| line == "CONNECT help.example:443 HTTP/1.1"), "{:?}", proxy.asked());
    Ok(())
}

/// Waits until the service there says that it reaches nobody.
async fn until_it_complains(root: &Root) -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENT;
    loop {
        let output = root.output("deskbell-agent", &["status", "--json"])?;
        let status: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        if status["state"] == "not_enrolled" && status["last_error"].is_string() {
            return Ok(());
        }
        ensure!(Instant::now() < deadline, "the last status was {status}");
        sleep(AGAIN).await;
    }
}
