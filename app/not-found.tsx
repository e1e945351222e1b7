import { buttonClass } from "./components/button";
import { MessagePage } from "./components/message-page";

/** Also shown for an organization that the person is not a member of, whether it exists or not. */
export default function NotFound() {
  return (
    <MessagePage title="Page not found">
      <p className="text-muted">
        The address may be mistyped, the page may have been removed, or you may not have access to its
        organization.
      </p>
      <p>
        {/* A full load, as cached pages may be outdated. */}
        <a href="/jobs" className={buttonClass()}>
          Go to jobs
        </a>
      </p>
    </MessagePage>
  );
}
