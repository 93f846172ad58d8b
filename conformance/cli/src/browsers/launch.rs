//! Starting installed browsers without a window, and killing everything that they started.

use std::{
    fs, io,
    io::{BufRead, BufReader},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process_group};

/// An installed browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Browser {
    /// Chromium, or a program with the same options.
    Chromium(PathBuf),
    /// Firefox, or a program with the same options.
    Firefox(PathBuf),
    /// The MiniBrowser of WebKitGTK, which runs under Xvfb.
    WebKit(PathBuf),
}

/// The path of MiniBrowser on Debian.
const MINI_BROWSER: &str = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";

impl Browser {
    /// Returns the browser with this name or path. The file name of a path gives the kind of browser.
    pub(crate) fn named(name: &str) -> Result<Self, String> {
        match name {
            "chromium" => return Ok(Self::Chromium("chromium".into())),
            "firefox" => return Ok(Self::Firefox("firefox-esr".into())),
            "webkit" => return Ok(Self::WebKit(MINI_BROWSER.into())),
            _ => {}
        }
        let path = PathBuf::from(name);
        let file = path.file_name().map(|file| file.to_string_lossy().to_lowercase()).unwrap_or_default();
        if file.contains("chrom") {
            Ok(Self::Chromium(path))
        } else if file.contains("firefox") {
            Ok(Self::Firefox(path))
        } else if file.contains("minibrowser") {
            Ok(Self::WebKit(path))
        } else {
            Err("unknown browser; use chromium, firefox, webkit, or the path of a browser".to_owned())
        }
    }

    /// Returns the name of the agent that models this browser.
    pub(crate) fn agent(&self) -> &'static str {
        match self {
            Self::Chromium(_) => "chromium",
            Self::Firefox(_) => "firefox",
            Self::WebKit(_) => "webkit",
        }
    }

    /// Returns the Debian packages of this browser.
    fn package(&self) -> &'static str {
        match self {
            Self::Chromium(_) => "chromium",
            Self::Firefox(_) => "firefox-esr",
            Self::WebKit(_) => "libwebkit2gtk-4.1-0 dbus xvfb",
        }
    }

    /// Returns the version that the browser prints, or its path if it prints none.
    pub(crate) fn version(&self) -> io::Result<String> {
        let (Self::Chromium(path) | Self::Firefox(path) | Self::WebKit(path)) = self;
        let output = Command::new(path).arg("--version").stdin(Stdio::null()).output();
        let output = output.map_err(|error| self.missing(path, &error))?;
        let version = String::from_utf8_lossy(&output.stdout).lines().last().unwrap_or_default().trim().to_owned();
        // MiniBrowser prints nothing without a display.
        Ok(if version.is_empty() { path.display().to_string() } else { version })
    }

    /// Adds the path and the Debian package to an error about starting a program.
    fn missing(&self, path: &Path, error: &io::Error) -> io::Error {
        let package = self.package();
        io::Error::new(error.kind(), format!("{}: {error}; on Debian, apt-get install {package}", path.display()))
    }

    /// Starts the browser on a page, with a new profile in the folder `profile`.
    pub(crate) fn start(&self, page: &str, profile: &Path) -> io::Result<BrowserProcess> {
        let mut started = BrowserProcess { children: Vec::new() };
        let mut command = match self {
            Self::Chromium(path) => {
                let mut command = Command::new(path);
                command.args(CHROMIUM_SWITCHES).arg(format!("--user-data-dir={}", profile.display()));
                command
            }
            Self::Firefox(path) => {
                fs::write(profile.join("user.js"), FIREFOX_PREFERENCES)?;
                let mut command = Command::new(path);
                command.env("MOZ_HEADLESS", "1").args(["--headless", "--no-remote", "--profile"]).arg(profile);
                command
            }
            Self::WebKit(path) => {
                let display = started.start_display(self)?;
                let mut command = Command::new("dbus-run-session");
                command.arg("--").arg(path).env("DISPLAY", display).envs([
                    ("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1"),
                    ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
                    ("LIBGL_ALWAYS_SOFTWARE", "1"),
                ]);
                command
            }
        };
        let (Self::Chromium(path) | Self::Firefox(path) | Self::WebKit(path)) = self;
        command.arg(page).env("HOME", profile).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.process_group(0).spawn().map_err(|error| self.missing(path, &error))?;
        started.children.push(child);
        Ok(started)
    }
}

/// The processes of a browser. Dropping them kills them and their children.
#[derive(Debug)]
pub(crate) struct BrowserProcess {
    children: Vec<Child>,
}

impl BrowserProcess {
    /// Returns true if the browser has ended.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.children.last_mut().is_none_or(|child| matches!(child.try_wait(), Ok(Some(_))))
    }

    /// Starts Xvfb and returns its display.
    fn start_display(&mut self, browser: &Browser) -> io::Result<String> {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.process_group(0).spawn().map_err(|error| browser.missing(Path::new("Xvfb"), &error))?;
        let stdout = child.stdout.take();
        self.children.push(child);
        let mut number = String::new();
        if let Some(stdout) = stdout {
            BufReader::new(stdout).read_line(&mut number)?;
        }
        Ok(format!(":{}", number.trim()))
    }
}

impl Drop for BrowserProcess {
    fn drop(&mut self) {
        for child in self.children.iter_mut().rev() {
            if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
                // The group may have ended already.
                kill_process_group(group, Signal::KILL).unwrap_or_default();
            }
            child.wait().map(drop).unwrap_or_default();
        }
    }
}

const CHROMIUM_SWITCHES: [&str; 12] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    // In a container, /dev/shm may be as small as 64 MiB.
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,OptimizationHints,MediaRouter",
];

const FIREFOX_PREFERENCES: &str = r#"user_pref("app.normandy.enabled", false);
user_pref("app.update.enabled", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.safebrowsing.malware.enabled", false);
user_pref("browser.safebrowsing.phishing.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("dom.security.https_first", false);
user_pref("dom.security.https_first_pbm", false);
user_pref("extensions.getAddons.cache.enabled", false);
user_pref("extensions.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("toolkit.telemetry.enabled", false);
user_pref("toolkit.telemetry.reportingpolicy.firstRun", false);
user_pref("trailhead.firstrun.didSeeAboutWelcome", true);
"#;
