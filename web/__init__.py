"""The pages: Flask views, templates, and the browser bundles they load."""
