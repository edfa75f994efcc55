self.onmessage = ({ data }) => self.postMessage(data ? data.length : 0);
