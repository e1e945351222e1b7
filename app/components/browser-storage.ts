// Browsers can be set to store nothing. Then nothing is found, and a choice lasts as long as the page.

/** What this browser has stored, in all tabs; null for nothing. */
export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param value null removes it. */
export function store(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // The browser stores nothing.
  }
}
