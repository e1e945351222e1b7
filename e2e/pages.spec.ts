import { expect, test } from "@playwright/test";

const widths = [320, 390, 1280];

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in ${colorScheme} colours`, () => {
    test.use({ colorScheme });

    for (const width of widths) {
      test(`the start page and the 404 fit ${width} px, and the console is silent`, async ({ page }) => {
        const said: string[] = [];
        page.on("console", (message) => said.push(message.text()));
        page.on("pageerror", (error) => said.push(error.message));
        await page.setViewportSize({ width, height: 800 });

        await page.goto("/");
        await expect(page.getByRole("heading", { level: 1, name: "Batch Jobs" })).toBeVisible();
        await expect(page.getByText("npm run -s admin -- api-keys create")).toBeVisible();
        const isWithin = () => page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
        expect(await isWithin()).toBe(true);
        expect(said).toEqual([]);

        const response = await page.goto("/nothing/here");
        expect(response?.status()).toBe(404);
        await expect(page.getByRole("heading", { name: "There is nothing at this address" })).toBeVisible();
        expect(await isWithin()).toBe(true);
        await page.getByRole("link", { name: "Go to the start page" }).click();
        await expect(page).toHaveURL("/");
      });
    }
  });
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the start page says the same", async ({ page }) => {
    await page.goto("/");
    await expect(page.getByText("npm run -s admin -- api-keys create")).toBeVisible();
  });
});

test.describe("security headers", () => {
  for (const address of ["/", "/nothing", "/health/live", "/batch/jobs", "/_next/static/nothing.js"]) {
    test(`are on ${address}`, async ({ request }) => {
      const headers = (await request.get(address)).headers();
      expect(headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "x-frame-options": "DENY",
        "content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
      });
      expect(headers).not.toHaveProperty("x-powered-by");
    });
  }

  test("no cache keeps a page beyond its build", async ({ request }) => {
    for (const address of ["/", "/nothing", "/batch%2Fjobs"]) {
      expect((await request.get(address)).headers()["cache-control"], address).toContain("no-store");
    }
  });

  test("the image optimizer is off", async ({ request }) => {
    for (const url of ["/x.png", "http://169.254.169.254/", "//evil.example/x.svg"]) {
      const response = await request.get(`/_next/image?url=${encodeURIComponent(url)}&w=64&q=75`);
      expect(response.status()).toBe(404);
    }
  });
});

test("health: live and ready, in a word, never cached", async ({ request }) => {
  for (const [address, status] of [
    ["/health/live", "live"],
    ["/health/ready", "ready"],
  ] as const) {
    const response = await request.get(address);
    expect(response.status()).toBe(200);
    expect(await response.json()).toEqual({ status });
    expect(response.headers()["cache-control"]).toBe("no-store");
  }
});
