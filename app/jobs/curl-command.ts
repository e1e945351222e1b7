/** Asks the API for a list. @param address with percent-encoded parameters, as apiAddress writes it. */
export function curlCommand(address: string): string {
  // Interactive shells would replace it even in quotes.
  return `curl "${address.replaceAll("!", "%21")}" -H "Authorization: Bearer $BATCH_JOBS_API_KEY"`;
}
