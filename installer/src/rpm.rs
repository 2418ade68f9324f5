//! A package for Fedora, RHEL, SUSE and what descends from them.

use rpm::{BuildConfig, CompressionType, Dependency, FileOptions, PackageBuilder};

use crate::{
    contents::{Item, own_folders},
    linux::{Needs, script},
    package::Package,
};

/// The package and its file name.
pub fn rpm(package: &Package) -> anyhow::Result<(String, Vec<u8>)> {
    let needs = Needs::of(package)?;
    let (product, architecture) = (package.product, needs.architecture.1);
    let config = BuildConfig::v4().source_date(package.moment).compression(CompressionType::Gzip);
    let mut builder =
        PackageBuilder::new(product.name(), &package.version, "MIT OR Apache-2.0", architecture, product.summary());
    builder.using_config(config).build_host("localhost").description(product.summary());
    builder.post_install_script(script(package, include_str!("../linux/rpm/post")));
    builder.pre_uninstall_script(script(package, include_str!("../linux/rpm/preun")));
    builder.post_uninstall_script(script(package, include_str!("../linux/rpm/postun")));
    let (major, minor) = needs.glibc;
    builder.requires(Dependency::any(format!("libc.so.6(GLIBC_{major}.{minor})(64bit)")));
    if needs.libgcc {
        builder.requires(Dependency::any("libgcc_s.so.1()(64bit)"));
    }
    builder.requires(Dependency::any("/bin/sh")).recommends(Dependency::any("ca-certificates"));

    let items: Vec<Item> = package.files.iter().map(|file| file.item).collect();
    for folder in own_folders(&items) {
        builder.with_dir_entry(FileOptions::dir(folder).permissions(0o755))?;
    }
    for file in &package.files {
        let item = &file.item;
        let options =
            FileOptions::new(item.path).permissions(u16::try_from(item.mode)?).user(item.owner).group(item.group);
        let options = if item.is_configuration { options.config().noreplace() } else { options };
        builder.with_file_contents(file.bytes.clone(), options)?;
    }
    let mut bytes = Vec::new();
    builder.build()?.write(&mut bytes)?;
    Ok((format!("{}-{}-1.{architecture}.rpm", product.name(), package.version), bytes))
}
