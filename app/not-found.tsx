import { buttonClass } from "./components/button";
import { MessagePage } from "./components/message-page";

/** Also what a person sees of an organization that is not theirs: whether it exists is not said. */
export default function NotFound() {
  return (
    <MessagePage title="There is nothing at this address">
      <p className="text-muted">
        It may have been mistyped, what was here may be gone, or it belongs to an organization that you do not
        belong to.
      </p>
      <p>
        {/* A whole page load: what was shown before may be no longer true. */}
        <a href="/jobs" className={buttonClass()}>
          Go to your jobs
        </a>
      </p>
    </MessagePage>
  );
}
