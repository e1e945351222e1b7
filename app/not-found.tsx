import { buttonClass } from "./components/button";
import { MessagePage } from "./components/message-page";

/** Also what a person sees of an organization that is not theirs: whether it exists is not said. */
export default function NotFound() {
  return (
    <MessagePage title="Page not found">
      <p className="text-muted">
        The address may be mistyped, the page may have been removed, or you may not have access to its
        organization.
      </p>
      <p>
        {/* A whole page load: what was shown before may be no longer true. */}
        <a href="/jobs" className={buttonClass()}>
          Go to jobs
        </a>
      </p>
    </MessagePage>
  );
}
