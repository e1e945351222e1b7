import type { WatchedJob } from "@/lib/batch-jobs/watched";
import { statusLabel } from "../components/status-badge";

/** Browsers for Android only let service workers notify, and some others have no notifications, or none without HTTPS. */
const canNotify = () => "Notification" in window && !/Android/.test(navigator.userAgent);

const instead = "The tab title will show when the job ends.";

/** Asks for permission to notify, if it has not been given or denied. @returns what to tell the person. */
export async function askToNotify(): Promise<string> {
  if (!canNotify()) return `This browser can’t show notifications here. ${instead}`;
  switch (await Notification.requestPermission()) {
    case "granted":
      return "You’ll get a notification when the job ends, as long as a tab of Batch Jobs is open.";
    case "denied":
      return `Notifications are blocked for this site in your browser’s settings. ${instead}`;
    default:
      return `You haven’t allowed notifications. ${instead}`;
  }
}

/** Shows that a job has ended, where that is permitted; a click opens the address. */
export function notify({ name, status }: WatchedJob, address: string): void {
  if (!canNotify() || Notification.permission !== "granted") return;
  try {
    // Ids of jobs are unique in their organization only, addresses everywhere.
    const options = { body: statusLabel(status), tag: address, icon: "/icon.svg" };
    new Notification(name, options).onclick = () => {
      window.focus();
      location.assign(address);
    };
  } catch {
    // Some browsers have the constructor, but only let service workers notify.
  }
}
