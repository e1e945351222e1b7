import { spawnSync } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import path from "node:path";
import type { Page } from "@playwright/test";
import { insertBatchJobs, insertMembership, insertOrganization, insertUser } from "@/db/fixtures";
import { Balancer } from "./balancer";
import { postSignIn } from "./fixtures";
import { expect, freePort, test } from "./process";
import { secret } from "./servers";

// Two versions of the program behind one load balancer, the newer one built in the folder of the running older one.

const root = path.resolve(import.meta.dirname, "..");
const sources = [
  "app",
  "db",
  "lib",
  "instrumentation.ts",
  "next.config.mjs",
  "package.json",
  "package-lock.json",
];

test.describe.configure({ timeout: 300_000 });

/** A clone of this source with its build, which nobody may write to. */
async function cloneWithBuild(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of [...sources, "tsconfig.json", `.next-${process.env.BATCH_JOBS_BUILD}`]) {
    await cp(path.join(root, name), path.join(folder, name), { recursive: true, verbatimSymlinks: true });
  }
  await symlink(path.join(root, "node_modules"), path.join(folder, "node_modules"));
}

/** Changes every script and the style of the pages, as a new version may. */
async function changeSource(folder: string): Promise<void> {
  for (const file of await readdir(path.join(folder, "app"), { recursive: true })) {
    if (!/\.tsx?$/.test(file)) continue;
    const place = path.join(folder, "app", file);
    const text = await readFile(place, "utf8");
    if (text.startsWith('"use client"')) {
      const name = `batchJobsVersion${file.replaceAll(/\W/g, "_")}`;
      await writeFile(place, `${text}\n(globalThis as Record<string, unknown>).${name} = 2;\n`);
    }
  }
  const style = path.join(folder, "app/globals.css");
  await writeFile(style, `${await readFile(style, "utf8")}\n:root { --batch-jobs-version: 2; }\n`);
}

test("two versions work side by side behind a load balancer", async ({ workshop, browser }) => {
  const folder = path.join(root, "e2e/.output/rolling-update");
  await cloneWithBuild(folder);
  const [front, oldPort, newPort, otherPort] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const address = `http://localhost:${front}`;
  const variables = {
    DATABASE_URL: process.env.DATABASE_URL,
    NEXTAUTH_URL: address,
    NEXTAUTH_SECRET: secret,
  };
  const node = [process.execPath, "lib/cli/start.mjs"];
  const start = (port: number, command = node, env: Record<string, string> = {}) =>
    workshop.start({ ...variables, ...env, PORT: String(port) }, command, folder);

  await test.step("a copied build is served where nobody may write, under another version of Node", async () => {
    spawnSync("chmod", ["-R", "a-w", folder]);
    const otherNode = "data:text/javascript,Object.defineProperty(process,'version',{value:'v99.0.0'})";
    // Root may write anywhere, but for this.
    const asNobodySpecial = process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-dac_override"] : [];
    const old = start(oldPort, [...asNobodySpecial, ...node], { NODE_OPTIONS: `--import=${otherNode}` });
    await old.shows("Stop with Ctrl-C");
    expect(old.stdout).not.toContain("Building");
    spawnSync("chmod", ["-R", "u+w", folder]);
  });

  await test.step("of two starts of a new source, one builds", async () => {
    await changeSource(folder);
    const starts = [start(newPort), start(otherPort)];
    for (const running of starts) await running.shows("Stop with Ctrl-C", 240_000);
    expect(starts.map(({ stdout }) => /Building/.test(stdout)).sort()).toEqual([false, true]);
    expect(starts.map(({ stdout }) => /Waiting for the build/.test(stdout)).sort()).toEqual([false, true]);
    starts[1]?.child.kill("SIGTERM");
    await starts[1]?.ended;
  });

  const balancer = new Balancer([oldPort, newPort]);
  await balancer.listen(front);
  const organizationId = await insertOrganization();
  await insertBatchJobs(organizationId, [{ name: "Renewals", status: "running" }]);
  const user = await insertUser();
  await insertMembership(organizationId, user.id, "owner");
  const jobs = `/jobs?organizationId=${organizationId}`;
  const signedIn = await browser.newContext({ baseURL: address });
  expect((await postSignIn(signedIn.request, user)).status()).toBe(200);
  const storageState = await signedIn.storageState();
  const errors: string[] = [];
  /** In a browser that has nothing cached. */
  async function inBrowser(use: (page: Page) => Promise<void>): Promise<void> {
    const context = await browser.newContext({ baseURL: address, storageState });
    const page = await context.newPage();
    page.on("pageerror", ({ message }) => errors.push(message));
    await use(page);
    await context.close();
  }

  await test.step("120 loads and clicks, each request answered by either: nobody notices", async () => {
    const visits = 15;
    const visit = () =>
      inBrowser(async (page) => {
        await page.goto(jobs);
        await expectWhole(page);
        await pause(page);
        await page.getByRole("button", { name: "Resume updates" }).click();
        for (const tab of ["Finished", "Active"]) {
          await page.getByRole("link", { name: new RegExp(`^${tab}`) }).click();
          await expect(page.getByRole("link", { name: new RegExp(`^${tab}`) })).toHaveAttribute(
            "aria-current",
          );
          await expectWhole(page);
        }
        await page.goto(`/settings/account?organizationId=${organizationId}`);
        await expectWhole(page);
        await page.getByRole("link", { name: "Batch Jobs" }).click();
        await expect(page.getByRole("heading", { name: "Jobs" })).toBeVisible();
        await pause(page);
      });
    // A visit waits most of its time.
    const visitors = Array.from({ length: 3 }, async () => {
      for (let at = 0; at < visits / 3; at++) await visit();
    });
    await Promise.all(visitors);
    expect(
      balancer.answers.filter((answer) => /^[45]/.test(answer) && answer !== "404 /favicon.ico"),
    ).toEqual([]);
    expect(
      balancer.answers.filter((answer) => answer.startsWith("307 /_next/static/")).length,
    ).toBeGreaterThan(visits);
    expect(errors).toEqual([]);
  });

  const isDocument = ({ url = "", headers }: IncomingMessage) =>
    !/^\/(_next|health)\//.test(url) && headers.rsc === undefined;
  const isScript = ({ url = "" }: IncomingMessage) => /^\/_next\/static\/.*\.js(\?|$)/.test(url);
  const documents = () => balancer.answers.filter((answer) => answer === `200 ${jobs}`).length;
  const isOutOfScript = (page: Page) => expect(page.locator("html[data-scripts-missing]")).toBeAttached();

  await test.step("a page whose version has gone is loaded once more", async () => {
    const before = documents();
    balancer.choose = (request) => (isDocument(request) && documents() === before ? oldPort : newPort);
    await inBrowser(async (page) => {
      await page.goto(jobs);
      await expect(page.getByRole("button", { name: "Pause updates" })).toBeVisible();
      await expect.poll(() => documents() - before).toBe(2);
      await pause(page);
      await expectWhole(page);
    });
    expect(documents() - before).toBe(2);
  });

  await test.step("a page whose scripts are on no instance is loaded no third time, and works without them", async () => {
    const before = documents();
    balancer.choose = (request) => (isScript(request) ? newPort : oldPort);
    await inBrowser(async (page) => {
      await page.goto(jobs);
      await expect.poll(() => documents() - before).toBe(2);
      await isOutOfScript(page);
      await expect(page.getByText("Renewals")).toBeVisible();
      await expect(page.getByText(/^As of/)).toBeVisible();
      await expect(page.getByRole("button", { name: /Pause|Resume|Copy/ })).toHaveCount(0);
      expect(documents() - before).toBe(2);
      await page.getByRole("link", { name: /^Finished/ }).click();
      await expect(page.getByText("Renewals")).toHaveCount(0);
    });
  });

  await test.step("what was typed into such a page stays, and can be sent", async () => {
    let isHealthy = false;
    balancer.choose = (request) =>
      isScript(request) ? newPort : request.url === "/health/live" && !isHealthy ? otherPort : oldPort;
    await inBrowser(async (page) => {
      await page.goto("/settings/account");
      await isOutOfScript(page);
      await page.getByLabel("Your name").fill("Typed meanwhile");
      isHealthy = true;
      await page.waitForResponse((response) => response.url().endsWith("/health/live") && response.ok());
      await expect(page.getByLabel("Your name")).toHaveValue("Typed meanwhile");
      await page.getByRole("button", { name: "Save name" }).click();
      await expect(page.getByText("Name updated.")).toBeVisible();
    });
  });

  await test.step("a secret that is shown once is not loaded away", async () => {
    balancer.choose = (request) => (isScript(request) ? newPort : oldPort);
    await inBrowser(async (page) => {
      await page.goto(`/settings/api-keys?organizationId=${organizationId}`);
      await isOutOfScript(page);
      await page.getByLabel("Name").fill("Made during an update");
      await page.getByRole("button", { name: "Create API key" }).click();
      await expect(page.getByRole("heading", { name: "Copy your new API key" })).toBeVisible();
      await isOutOfScript(page);
      await expect(page.locator("[data-shown-once]").first()).toContainText("tk_live_");
    });
  });

  await test.step("a link to a page whose script has gone loads that page anew", async () => {
    balancer.choose = () => oldPort;
    await inBrowser(async (page) => {
      await page.goto("/settings/account");
      await page.waitForLoadState("networkidle");
      balancer.choose = ({ url = "", headers }) =>
        url.startsWith("/_next/static/") || headers.rsc === undefined ? newPort : oldPort;
      await page.getByRole("link", { name: "Batch Jobs" }).click();
      await pause(page);
    });
  });

  balancer.close();
});

test("a missing script is requested again, at most 15 times", async ({ request }) => {
  const path = "/_next/static/chunks/of-another-version.js";
  let target = path;
  for (let attempt = 1; attempt <= 15; attempt++) {
    const answer = await request.get(target, { maxRedirects: 0 });
    expect(answer.status()).toBe(307);
    expect(answer.headers()).toMatchObject({
      location: `${path}?attempt=${attempt}`,
      "cache-control": "no-store",
    });
    target = answer.headers().location ?? "";
  }
  expect((await request.get(target, { maxRedirects: 0 })).status()).toBe(404);
  for (const odd of ["?attempt=x", "?attempt=-1e9", "?attempt=16"]) {
    expect((await request.get(path + odd)).status(), odd).toBe(404);
  }
});

/** Presses a button until it works: a page that was just loaded may not be hydrated yet. */
async function pause(page: Page): Promise<void> {
  const resume = page.getByRole("button", { name: "Resume updates" });
  await expect(async () => {
    if (!(await resume.isVisible()))
      await page.getByRole("button", { name: "Pause updates" }).click({ timeout: 1_000 });
    await expect(resume).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 10_000 });
}

/** Expects the page drawn, with its style, and no error page. */
async function expectWhole(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByText("couldn’t be loaded")).toHaveCount(0);
  await expect(page.locator("body")).toHaveCSS("font-size", "14px");
}
