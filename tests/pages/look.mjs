// Opens pages in a headless Chromium and says what is wrong with each: rules of WCAG AA that axe finds broken, in light
// and dark; requests for anything but the page; errors on the console; a page wider than a phone.
// node look.mjs CHROMIUM PROFILE PAGE...   prints one JSON object: page -> findings
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [browser, profile, ...pages] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const PHONE = 390;

const child = spawn(
  browser,
  ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", `--user-data-dir=${profile}`],
  { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
);
const waiting = new Map();
let number = 0;
let heard = () => {};
let rest = "";
child.stdio[4].setEncoding("utf8");
child.stdio[4].on("data", (text) => {
  const parts = (rest + text).split("\0");
  rest = parts.pop();
  for (const message of parts.map((part) => JSON.parse(part))) {
    if (!message.id) heard(message);
    else if (message.error) waiting.get(message.id).reject(new Error(JSON.stringify(message.error)));
    else waiting.get(message.id).resolve(message.result);
  }
});

function send(method, params = {}, sessionId = undefined) {
  number += 1;
  const answer = new Promise((resolve, reject) => waiting.set(number, { resolve, reject }));
  child.stdio[3].write(JSON.stringify({ id: number, method, params, sessionId }) + "\0");
  return answer;
}

async function look(page) {
  const { targetId } = await send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  const call = (method, params) => send(method, params, sessionId);
  const value = async (expression) => {
    const done = await call("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (done.exceptionDetails) throw new Error(JSON.stringify(done.exceptionDetails));
    return done.result.value;
  };
  const found = { violations: [], requests: [], errors: [] };
  const url = pathToFileURL(page).href;
  let loaded;
  const isLoaded = new Promise((resolve) => (loaded = resolve));
  heard = ({ method, params }) => {
    if (method === "Page.loadEventFired") loaded();
    if (method === "Network.requestWillBeSent" && params.request.url !== url && !params.request.url.startsWith("data:"))
      found.requests.push(params.request.url);
    if (method === "Runtime.exceptionThrown") found.errors.push(params.exceptionDetails.text);
    if (method === "Runtime.consoleAPICalled" && params.type === "error") found.errors.push(params.args[0]?.value);
    if (method === "Log.entryAdded" && params.entry.level === "error") found.errors.push(params.entry.text);
  };
  for (const domain of ["Page", "Network", "Runtime", "Log"]) await call(`${domain}.enable`);
  await call("Emulation.setDeviceMetricsOverride", { width: 1280, height: 900, deviceScaleFactor: 1, mobile: false });
  await call("Page.navigate", { url });
  await isLoaded;
  await value("document.querySelectorAll('details').forEach((part) => (part.open = true))");
  await value(axe + "; 0");
  for (const scheme of ["light", "dark"]) {
    await call("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
    const options = JSON.stringify({ runOnly: { type: "tag", values: TAGS }, resultTypes: ["violations"] });
    const broken = await value(`axe.run(document, ${options}).then((done) =>
      done.violations.map((one) => [one.id, one.nodes.length, one.nodes[0].html.slice(0, 200)]))`);
    found.violations.push(...broken.map((one) => [scheme, ...one]));
  }
  await call("Emulation.setDeviceMetricsOverride", { width: PHONE, height: 844, deviceScaleFactor: 2, mobile: true });
  found.phone = await value("document.documentElement.scrollWidth");
  if (found.phone > PHONE)
    found.wide = await value(`[...document.querySelectorAll("main *")]
      .filter((one) => one.getBoundingClientRect().right > ${PHONE} + 1 && !one.closest(".table, .chart, svg"))
      .slice(0, 3).map((one) => one.outerHTML.slice(0, 160))`);
  await send("Target.closeTarget", { targetId });
  return found;
}

const all = {};
for (const page of pages) all[page] = await look(page);
console.log(JSON.stringify(all));
child.kill();
