"""Watches, while a script runs, whether what the Secrets hold can pull at every moment."""

import threading
import time

from kit import world
from kit.scripts import cluster


class Watch:
    """Asks again and again whether each image can be pulled with the Secret as it is stored at that moment."""

    def __init__(self, images, namespaces=("default",), secret="acr-secret"):
        self.images, self.namespaces, self.secret = images, namespaces, secret
        self.gaps = []
        self.looks = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.look, daemon=True)

    def look(self):
        while not self.ended.is_set():
            for namespace in self.namespaces:
                found = cluster().secret(namespace, self.secret)
                for image in self.images:
                    if not world.pulls(found, image):
                        self.gaps.append((time.time(), namespace, image))
            self.looks += 1
            time.sleep(0.02)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def length(self):
        """Seconds between the first and the last refusal, and how many there were."""
        seconds = self.gaps[-1][0] - self.gaps[0][0] if self.gaps else 0
        return f"{len(self.gaps)} refusals in {self.looks} looks, over {seconds:.1f} s: {self.gaps[:3]}"
