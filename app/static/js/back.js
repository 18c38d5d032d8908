// A refused form is answered by the page of the POST itself, which a browser does not keep: Back would end on an error.
// Its place in history becomes the page from which it was sent.

const { sentFrom } = document.documentElement.dataset;
if (sentFrom) history.replaceState(history.state, "", sentFrom);
