import { CheckIcon } from "./icons";

/**
 * What has just been done, in words: a action leads on with `?done=<word>`, of which only those known here become
 * sentences.
 */
export function SuccessMessage({ word, sentences }: { word: unknown; sentences: Record<string, string> }) {
  if (typeof word !== "string" || !Object.hasOwn(sentences, word)) return null;
  return (
    <div role="status" className="flex items-start gap-2.5 rounded-md bg-raised px-3.5 py-2.5">
      <span className="pt-0.5 text-completed">
        <CheckIcon />
      </span>
      {sentences[word]}
    </div>
  );
}
