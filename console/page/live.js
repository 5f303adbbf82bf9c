// Keeps asking one address whether anything is new; hands over what is, and says when nobody answers.
const EVERY_MS = 1000;
const SLOWEST_MS = 5000;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

export async function follow(url, { changed, ticked, missing, gone }) {
  let tag = null;
  let failures = 0;
  for (;;) {
    if (document.hidden) {
      await pause(EVERY_MS);
      continue;
    }
    try {
      const answer = await fetch(url, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
      if (answer.status === 404) {
        tag = null;
        missing();
      } else if (answer.status !== 304 && !answer.ok) throw new Error(`status ${answer.status}`);
      else {
        const now = new Date(answer.headers.get("Loket-Now"));
        if (answer.status === 200) {
          tag = answer.headers.get("ETag");
          changed(await answer.json(), now);
        } else ticked(now);
      }
      if (failures) gone(false);
      failures = 0;
    } catch (error) {
      failures += 1;
      console.warn(error);
      // One lost answer is no news; two in a row are.
      if (failures > 1) gone(true);
    }
    await pause(failures ? Math.min(EVERY_MS * 2 ** (failures - 1), SLOWEST_MS) : EVERY_MS);
  }
}
