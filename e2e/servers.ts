/** The servers that the configuration starts, on ports that are unlikely to be taken. */
export const addresses = {
  main: "http://localhost:41730",
  /** Five requests a minute and key. */
  throttled: "http://localhost:41731",
};

export const secret = "a-secret-for-tests-only-0123456789-abcdef";
