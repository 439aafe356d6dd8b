"""A little application that shows the frame, the parts of a page and both bundles, without any case behind them."""
