"""Build the browser bundles when a wheel or an editable install is made."""
