//! The reference for unchanged policies: nginx with a static file of the same size and its own `ETag`. One process serves,
//! so that ending it leaves no worker behind.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::Context as _;
use tempfile::TempDir;

pub(crate) struct Nginx {
    pub(crate) url: String,
    pub(crate) etag: String,
    process: Child,
    _folder: TempDir,
}

impl Nginx {
    pub(crate) async fn start(bytes: usize) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let root = folder.path();
        std::fs::write(root.join("policy"), vec![b'x'; bytes])?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let at = root.display();
        let configuration = format!(
            "daemon off; master_process off; pid {at}/pid; error_log {at}/error.log;\n\
             events {{ worker_connections 1024; }}\n\
             http {{ access_log off; keepalive_requests 1000000000; client_body_temp_path {at}/body; proxy_temp_path {at}/proxy;\n\
             fastcgi_temp_path {at}/fastcgi; uwsgi_temp_path {at}/uwsgi; scgi_temp_path {at}/scgi; open_file_cache max=10;\n\
             server {{ listen 127.0.0.1:{port}; root {at}; etag on; }} }}\n"
        );
        std::fs::write(root.join("nginx.conf"), configuration)?;
        // Its worker runs as another user when this one is root.
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(root, open)?;
        let mut command = Command::new("nginx");
        command.arg("-c").arg(root.join("nginx.conf")).arg("-e").arg(root.join("error.log")).stderr(Stdio::null());
        let process = command.spawn().context("running nginx; it is in the package of that name")?;
        let url = format!("http://127.0.0.1:{port}/policy");
        let mut nginx = Self { url, etag: String::new(), process, _folder: folder };
        nginx.etag = nginx.first_etag().await?;
        Ok(nginx)
    }

    async fn first_etag(&self) -> anyhow::Result<String> {
        let client = reqwest::Client::builder().no_proxy().build()?;
        for _ in 0..100 {
            match client.get(&self.url).send().await {
                Ok(answer) => return Ok(answer.error_for_status()?.headers()["etag"].to_str()?.to_owned()),
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
        anyhow::bail!("nginx never answered")
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
