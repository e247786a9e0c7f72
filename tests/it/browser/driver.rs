//! A headless Chromium driven over WebDriver (W3C), with what only Chromium's own driver gives: its log, its requests,
//! and another screen.
//!
//! WebDriver is JSON over HTTP, and the client crates know nothing of that last part; with the HTTP client that is here
//! anyway the whole of it is shorter than their use.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The key under which WebDriver names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// How long something on a page may take to come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A running chromedriver; dropping it ends it.
pub(crate) struct Driver {
    process: Child,
    address: String,
    agent: ureq::Agent,
}

/// What a page is looked at with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Screen {
    /// Width in CSS pixels.
    pub(crate) width: u32,
    /// Height in CSS pixels.
    pub(crate) height: u32,
    /// Whether the reader likes it dark.
    pub(crate) dark: bool,
}

/// A desk's screen.
pub(crate) const DESK: Screen = Screen { width: 1280, height: 900, dark: false };
/// A phone's.
pub(crate) const PHONE: Screen = Screen { width: 390, height: 844, dark: false };

/// A browser with cookies of its own; dropping it closes it.
pub(crate) struct Session<'driver> {
    driver: &'driver Driver,
    path: String,
}

/// The programs, if both are there.
fn programs() -> Option<(PathBuf, PathBuf)> {
    let find = |names: &[&str]| {
        let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
        names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|path| path.is_file())
    };
    Some((find(&["chromedriver"])?, find(&["chromium", "chromium-browser", "google-chrome"])?))
}

impl Driver {
    /// Starts one; none if chromium or chromedriver is missing.
    pub(crate) fn start() -> Option<Self> {
        let (driver, _) = programs()?;
        let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
        let process = Command::new(driver)
            .arg(format!("--port={}", free.port()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(180)))
            .build()
            .new_agent();
        let driver = Self { process, address: format!("http://{free}"), agent };
        patiently(|| driver.agent.get(format!("{}/status", driver.address)).call().ok())
            .expect("chromedriver is ready");
        Some(driver)
    }

    /// Opens a browser.
    pub(crate) fn open(&self, screen: Screen) -> Session<'_> {
        let binary = programs().expect("found before").1;
        let arguments =
            ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"];
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": { "args": arguments, "binary": binary },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        }}});
        let opened = self.send("/session", &wanted).expect("a browser opens");
        let id = opened["sessionId"].as_str().expect("an id");
        let session = Session { driver: self, path: format!("/session/{id}") };
        session.look_with(screen);
        session
    }

    fn send(&self, path: &str, body: &Value) -> Result<Value, String> {
        let request = self.agent.post(format!("{}{path}", self.address));
        Self::value(request.send_json(body).map_err(|error| error.to_string())?)
    }

    fn value(mut response: ureq::http::Response<ureq::Body>) -> Result<Value, String> {
        let fine = response.status().is_success();
        let mut body: Value = response
            .body_mut()
            .with_config()
            .limit(256 * 1024 * 1024)
            .read_json()
            .map_err(|error| format!("no JSON from chromedriver: {error}"))?;
        let value = body["value"].take();
        if fine { Ok(value) } else { Err(format!("{}: {}", value["error"], value["message"])) }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        let _ = self.driver.agent.delete(format!("{}{}", self.driver.address, self.path)).call();
    }
}

/// Looks until there is something, for as long as [`PATIENCE`] lasts.
fn patiently<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if start.elapsed() > PATIENCE {
            return None;
        }
        std::thread::yield_now();
    }
}

impl Session<'_> {
    fn send(&self, path: &str, body: &Value) -> Value {
        self.try_to(path, body).unwrap_or_else(|error| panic!("{path} {body:.200}: {error}"))
    }

    fn try_to(&self, path: &str, body: &Value) -> Result<Value, String> {
        self.driver.send(&format!("{}{path}", self.path), body)
    }

    /// A command of Chromium's own protocol.
    fn chromium(&self, command: &str, parameters: Value) -> Value {
        self.send("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// Looks at pages with another screen.
    pub(crate) fn look_with(&self, screen: Screen) {
        let phone = screen.width < 600;
        let size = json!({ "width": screen.width, "height": screen.height, "deviceScaleFactor": 1, "mobile": phone });
        self.chromium("Emulation.setDeviceMetricsOverride", size);
        let scheme = if screen.dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.chromium("Emulation.setEmulatedMedia", media);
    }

    /// Opens an address.
    pub(crate) fn go(&self, url: &str) {
        self.send("/url", &json!({ "url": url }));
    }

    /// The address that is open.
    pub(crate) fn address(&self) -> String {
        self.run("return location.href", &[]).as_str().expect("an address").to_owned()
    }

    /// Runs a script on the page; `arguments` are its `arguments`.
    pub(crate) fn run(&self, script: &str, arguments: &[Value]) -> Value {
        self.send("/execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// Runs a script that calls its last argument when it is done.
    pub(crate) fn run_on(&self, script: &str, arguments: &[Value]) -> Value {
        self.send("/execute/async", &json!({ "script": script, "args": arguments }))
    }

    /// How many elements there are of this kind.
    pub(crate) fn count(&self, css: &str) -> u64 {
        self.run("return document.querySelectorAll(arguments[0]).length", &[json!(css)]).as_u64().expect("a number")
    }

    /// Waits until there is something on the page.
    ///
    /// # Panics
    /// If that takes longer than [`PATIENCE`], with what is on the page instead.
    pub(crate) fn until<T>(&self, what: &str, look: impl FnMut() -> Option<T>) -> T {
        patiently(look)
            .unwrap_or_else(|| panic!("this never came: {what}; {} shows: {}", self.address(), self.text("body")))
    }

    /// The words of the first element of this kind.
    pub(crate) fn text(&self, css: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
        self.run(script, &[json!(css)]).as_str().unwrap_or_default().to_owned()
    }

    fn element(&self, css: &str) -> String {
        let found = self.try_to("/element", &json!({ "using": "css selector", "value": css }));
        let found = found.unwrap_or_else(|error| panic!("{css} on {}: {error}", self.address()));
        found[ELEMENT].as_str().expect("an element").to_owned()
    }

    /// Presses it as a person does; it must be in sight.
    pub(crate) fn press(&self, css: &str) {
        let element = self.element(css);
        self.send(&format!("/element/{element}/click"), &json!({}));
    }

    /// Writes into a field, in place of what is there.
    pub(crate) fn write(&self, css: &str, text: &str) {
        let element = self.element(css);
        self.send(&format!("/element/{element}/clear"), &json!({}));
        self.send(&format!("/element/{element}/value"), &json!({ "text": text }));
    }

    /// Names a file for a field that takes one.
    pub(crate) fn put(&self, css: &str, path: &str) {
        let element = self.element(css);
        self.send(&format!("/element/{element}/value"), &json!({ "text": path }));
    }

    /// Chooses a value of a list.
    pub(crate) fn choose(&self, css: &str, value: &str) {
        self.press(&format!("{css} option[value=\"{value}\"]"));
    }

    /// A picture of the whole page, as PNG.
    pub(crate) fn picture(&self) -> Vec<u8> {
        let size = self.run(
            "const e = document.documentElement; return [e.clientWidth, e.scrollHeight, e.scrollHeight > innerHeight]",
            &[],
        );
        let clip = json!({ "x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1 });
        // beyond a window that holds it all, Chromium shifts pages that run from right to left
        let taken = self.chromium("Page.captureScreenshot", json!({ "captureBeyondViewport": size[2], "clip": clip }));
        STANDARD.decode(taken["data"].as_str().expect("a picture")).expect("base64")
    }

    /// What the browser complained of since this was asked last.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let log = self.send("/se/log", &json!({ "type": "browser" }));
        let lines = log.as_array().expect("a list").iter();
        lines.map(|line| format!("{}: {}", line["level"], line["message"])).collect()
    }

    /// The addresses that pages asked for since this was asked last.
    pub(crate) fn requests(&self) -> Vec<String> {
        let log = self.send("/se/log", &json!({ "type": "performance" }));
        let lines = log.as_array().expect("a list").iter();
        let events = lines.filter_map(|line| serde_json::from_str::<Value>(line["message"].as_str()?).ok());
        let asked = events.filter(|event| event["message"]["method"] == "Network.requestWillBeSent");
        asked.filter_map(|event| Some(event["message"]["params"]["request"]["url"].as_str()?.to_owned())).collect()
    }
}
